/** What was typed, cut into words: `/pcie Diagnose  node3` → `diagnose`, [`node3`]. The slash and `pcie` may be missing. */
export function parseLine(text: string): { readonly name: string; readonly words: readonly string[] } {
  const words = text.trim().split(/\s+/).filter(Boolean)
  if (/^\/?pcie$/i.test(words[0] ?? '')) words.shift()
  const [name = 'help', ...rest] = words
  return { name: name.replace(/^\//, '').toLowerCase(), words: rest }
}
