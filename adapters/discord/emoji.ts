const VARIANTS = /[\u{fe0f}\u{1f3fb}-\u{1f3ff}]/gu

/** Emoji as Discord's API writes them: `✅`, or `name:id` for a server's own (given as that, or as `<:name:id>`). */
export const apiEmoji = (given: string): string => /^<?a?:?(\w+:\d+)>?$/.exec(given)?.[1] ?? given

/** Whether two emoji mean the same: skin tones and presentation marks aside, a server's own by its id. */
export const sameEmoji = (
  emoji: { readonly id: string | null; readonly name: string | null },
  wanted: string,
): boolean => {
  const id = /:(\d+)$/.exec(apiEmoji(wanted))?.[1]
  if (id || emoji.id) return emoji.id === id
  return bare(emoji.name ?? '') === bare(wanted)
}

const bare = (name: string): string => name.replaceAll(VARIANTS, '')
