/** The words of a line of GRUB script, unquoted as GRUB does: '…' as it stands, "…" with backslashes, blanks part. */
export function grubWords(line: string): string[] {
  const words: string[] = []
  for (const [raw] of line.matchAll(/(?:[^\s'"\\]|\\.|'[^']*(?:'|$)|"(?:[^"\\]|\\.)*(?:"|$))+/gs)) {
    words.push(
      raw.replace(/'([^']*)'?|"((?:[^"\\]|\\.)*)"?|\\(.)/gs, (_, single, double, escaped) => {
        return single ?? double?.replace(/\\(["\\$])/g, '$1') ?? escaped
      }),
    )
  }
  return words
}
