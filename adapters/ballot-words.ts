import type { Block, Card } from '../src/cards/card.ts'
import type { Reactions } from '../src/cards/reactions.ts'
import { noteCard } from '../src/cards/small-cards.ts'

type Change = NonNullable<Card['change']>

/** What a card says that asks, and is too long for its message: a reaction may deny it, but only a command approves it. */
export const tooLongBlocks = ({ id, digest }: Change, { yes, no }: Reactions, where: string): Block[] => [
  { type: 'heading', text: 'Too long to be approved by a reaction' },
  {
    type: 'text',
    text: `${where} Read all of it first. Then type /pcie approve ${id}, or /pcie deny ${id}. On this message ${yes} approves nothing; ${no} denies, as always.`,
  },
  { type: 'fields', fields: [['Digest', digest]] },
]

/** For somebody who said yes to a card that does not show all of its plan. */
export const tooLongCard = (change: string, { no }: Reactions): Card =>
  turnedDown(
    `The message does not show the whole plan, so a reaction on it approves nothing. Read the attached file, then type /pcie approve ${change}; ${no} or /pcie deny ${change} denies it.`,
  )

/** For somebody who reacted while the plan was not there yet. */
export const tooEarlyCard = (): Card =>
  turnedDown('You reacted before the plan was there. Read it, take your reaction back and give it again.')

/** For everybody, where the bot cannot offer the reactions itself. `hint` = which setting to change. */
export const noOfferCard = (change: string, hint: string | undefined, { yes, no }: Reactions): Card =>
  noteCard(
    'Approval',
    `I cannot put the reactions on this card${hint ? `: ${hint}` : ''}. Until then, add ${yes} or ${no} yourself, or type /pcie approve ${change}, /pcie deny ${change}.`,
    'warn',
  )

const turnedDown = (says: string): Card => noteCard('That reaction does not count', says, 'warn')
