import { z } from 'zod'
import { NO, YES } from '../../adapters/slack/emoji.ts'
import { REACTIONS, type Reactions } from '../cards/reactions.ts'

export { REACTIONS, type Reactions }

const oneOf = (signs: readonly string[]) =>
  z.string().refine((sign) => signs.includes(sign), `expected one of ${signs.join(' ')}`)

/**
 * The two emoji that decide on a card, in every chat. Possible are those that Slack has a name for; none of them is in both
 * lists, so the two differ and neither reads as its opposite.
 */
export const ReactionsGiven = z.strictObject({
  yes: oneOf(Object.keys(YES)).default(REACTIONS.yes),
  no: oneOf(Object.keys(NO)).default(REACTIONS.no),
})
