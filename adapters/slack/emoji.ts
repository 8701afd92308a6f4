import type { Reactions } from '../../src/cards/reactions.ts'
import { OperatorError } from '../../src/errors.ts'

type Names = Readonly<Record<string, readonly string[]>>

/** The emoji that may mean yes, with Slack's names of each: reactions come under the first. */
export const YES: Names = {
  '✅': ['white_check_mark'],
  '👍': ['+1', 'thumbsup'],
  '👌': ['ok_hand'],
  '👏': ['clap'],
  '🆗': ['ok'],
  '💯': ['100'],
  '💚': ['green_heart'],
  '🟢': ['large_green_circle'],
  '🟩': ['large_green_square'],
  '🎉': ['tada'],
  '🚀': ['rocket'],
}

/** Those that may mean no. None of them is among the others, so that nobody says yes with what reads as a no. */
export const NO: Names = {
  '❌': ['x'],
  '👎': ['-1', 'thumbsdown'],
  '✋': ['hand', 'raised_hand'],
  '🔴': ['red_circle'],
  '🟥': ['large_red_square'],
  '🛑': ['octagonal_sign'],
  '⛔': ['no_entry'],
  '🚫': ['no_entry_sign'],
}

/** The emoji names that mean yes and no; the first of each is the one the bot seeds. */
export interface Emoji {
  readonly approve: readonly string[]
  readonly deny: readonly string[]
}

/** The names of what people see. */
export const emojiOf = ({ yes, no }: Reactions): Emoji => ({ approve: named(YES, yes), deny: named(NO, no) })

function named(names: Names, sign: string): readonly string[] {
  const found = names[sign]
  if (found) return found
  throw new OperatorError('config-invalid', `Slack: ${sign} cannot be used here as a reaction`, {
    hint: `under reactions: in the configuration, choose one of ${Object.keys(names).join(' ')}`,
  })
}

/** `+1::skin-tone-3` → `+1`. */
export const bare = (name: string): string => name.replaceAll(':', ' ').trim().split(' ')[0] ?? ''

/** Yes, no, or neither. */
export const meaning = (name: string, { approve, deny }: Emoji): boolean | undefined => {
  const is = (one: string) => bare(one) === bare(name)
  return deny.some(is) ? false : approve.some(is) ? true : undefined
}
