/** The emoji names that mean yes and no; the first of each is the one the bot seeds. */
export interface Emoji {
  readonly approve: readonly string[]
  readonly deny: readonly string[]
}

/** `+1::skin-tone-3` → `+1`. */
export const bare = (name: string): string => name.replaceAll(':', ' ').trim().split(' ')[0] ?? ''

/** Yes, no, or neither. */
export const meaning = (name: string, { approve, deny }: Emoji): boolean | undefined => {
  const is = (one: string) => bare(one) === bare(name)
  return deny.some(is) ? false : approve.some(is) ? true : undefined
}
