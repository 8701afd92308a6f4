import { bare, type Emoji, meaning } from './emoji.ts'

/** A reaction as it is kept: `U123 white_check_mark`. Skin tones stay: the same thumb in two colours is two reactions. */
export interface Given {
  readonly user: string
  readonly emoji: string
}

export const asText = ({ user, emoji }: Given): string => `${user} ${emoji}`
export const asGiven = (text: string): Given => {
  const [user = '', emoji = ''] = text.split(' ')
  return { user, emoji }
}

/** What to pass on so that the core knows what stands on the message. */
export interface Step extends Given {
  readonly yes: boolean
  readonly given: boolean
}

/**
 * From the reactions that were passed on to those that stand there now. What was taken back comes first and approvals come
 * last, so that a denial given meanwhile is heard before anything starts.
 */
export function stepsBetween(before: readonly string[], now: readonly string[], emoji: Emoji): Step[] {
  const steps = (texts: readonly string[], given: boolean): Step[] =>
    texts.map(asGiven).flatMap((one) => {
      const yes = meaning(one.emoji, emoji)
      return yes === undefined ? [] : [{ ...one, yes, given }]
    })
  const come = steps(
    now.filter((text) => !before.includes(text)),
    true,
  )
  const gone = steps(
    before.filter((text) => !now.includes(text)),
    false,
  )
  return [...gone, ...come.filter(({ yes }) => !yes), ...come.filter(({ yes }) => yes)]
}

/** Whether the person's vote is another one after this step: several emoji that mean yes are one yes. */
export function turns(given: readonly string[], step: Step, emoji: Emoji): boolean {
  const others = given
    .map(asGiven)
    .filter((one) => one.user === step.user && meaning(one.emoji, emoji) === step.yes && one.emoji !== step.emoji)
  return others.length === 0
}

/** The list after the step. */
export const after = (given: readonly string[], step: Step): string[] => {
  const rest = given.filter((text) => text !== asText(step))
  return step.given ? [...rest, asText(step)] : rest
}

export const seeds = ({ approve, deny }: Emoji): string[] =>
  [approve[0], deny[0]].flatMap((name) => bare(name ?? '') || [])
