import { createHash } from 'node:crypto'
import type { types } from '@slack/bolt'
import type { Block, Card } from '../../src/cards/card.ts'
import { REACTIONS, type Reactions } from '../../src/cards/reactions.ts'
import { cardText } from '../../src/cards/text.ts'
import { tooLongBlocks } from '../ballot-words.ts'
import { inert, inertCard } from './inert.ts'
import { LIMITS } from './limits.ts'
import { pagesOf, type Room, wordsOf } from './pages.ts'
import { renderBlocks, renderMentions, renderTitle, SIGNS } from './render.ts'
import { escaped, pieces } from './text.ts'

/** What `chat.postMessage`, `chat.update` and `chat.postEphemeral` are given. `text` is read in notifications. */
export interface Message {
  readonly text: string
  readonly blocks: types.KnownBlock[]
}

/** A card as one message. What does not fit is in the file, to be attached; the message then says so. */
export interface Fitted extends Message {
  readonly file: { readonly name: string; readonly text: string } | null
  /** Reactions may decide: the card asks, and the message shows all of it. */
  readonly offered: boolean
}

export interface Fitting {
  /** Why the file is not there after all. */
  readonly trouble?: string
  /** Whom the message calls, as Slack reads it. */
  readonly mentions?: string
  readonly reactions?: Reactions
}

/** One message that shows the card, or its beginning and where the whole is. */
export function fit(given: Card, { trouble, mentions = '', reactions = REACTIONS }: Fitting = {}): Fitted {
  const whole = inertCard(given)
  const card = titled(whole)
  const asks = card.asks === 'approval'
  const called = { size: mentions.length, blocks: mentions ? 1 : 0 }
  const [only = [], ...more] = pagesOf(card.blocks, less(ROOM, called))
  if (!more.length) return { ...message(card, only, mentions), file: null, offered: asks }
  const text = `${whole.title}\n\n${cardText(whole)}\n`
  const name = `${card.change?.id ?? 'card'}-${createHash('sha256').update(text).digest('hex').slice(0, 8)}.txt`
  const room = less(ROOM, { size: LIMITS.note, blocks: LIMITS.noteBlocks })
  const [head = [], ...rest] = pagesOf(card.blocks, less(asks ? { ...room, size: LIMITS.summary } : room, called))
  const left = linesIn(rest.flat())
  const note = trouble === undefined ? whereTheRestIs(card, name, left, reactions) : missing(card, left, trouble)
  return { ...message(card, [...head, ...note], mentions), file: { name, text }, offered: false }
}

const less = (room: Room, taken: Room): Room => ({ size: room.size - taken.size, blocks: room.blocks - taken.blocks })

/** The card in as many messages as it takes: for whispers, which can have no file. */
export function inMessages(given: Card): Message[] {
  const card = titled(inertCard(given))
  const pages = pagesOf(card.blocks, ROOM)
  return pages.map((page, index) =>
    message(pages.length > 1 ? { ...card, title: `${card.title} (${index + 1} of ${pages.length})` } : card, page),
  )
}

function message({ title, tone }: Card, blocks: readonly Block[], mentions = ''): Message {
  const words = blocks.map(wordsOf).join('\n\n')
  const [shown = '', ...rest] = pieces(words, LIMITS.fallback - 40 - mentions.length)
  const left = rest.length ? `\n… ${linesIn(blocks) - shown.split('\n').length} more lines` : ''
  return {
    text: `${mentions && `${mentions} `}${escaped(`${SIGNS[tone]} ${title}${shown ? `\n${shown}` : ''}${left}`)}`,
    blocks: [renderTitle(title, tone), ...renderMentions(mentions), ...renderBlocks(blocks)],
  }
}

const ROOM = { size: LIMITS.message - LIMITS.header, blocks: LIMITS.blocks - 1 }

/** A title that is too long for a header stands whole below its beginning. */
function titled(card: Card): Card {
  const { title } = card
  const [short = ''] = pieces(title, LIMITS.title)
  return short === title ? card : { ...card, title: `${short} …`, blocks: [heading(title), ...card.blocks] }
}

const linesIn = (blocks: readonly Block[]): number =>
  blocks.reduce((sum, block) => sum + wordsOf(block).split('\n').length, 0)

function whereTheRestIs({ change, asks }: Card, file: string, left: number, reactions: Reactions): Block[] {
  if (!asks || !change) return [text(`… ${left} more lines. All of it is in ${file}, attached in this thread.`)]
  const where = `This is the beginning only; ${left} more lines are in ${file}, attached in this thread.`
  return tooLongBlocks(change, reactions, where)
}

function missing({ change, asks }: Card, left: number, trouble: string): Block[] {
  if (!asks) return [text(`… ${left} more lines, which could not be attached: ${inert(trouble).slice(0, 300)}`)]
  return [
    heading('Not shown whole, so not to be approved yet'),
    text(`${left} more lines could not be attached: ${inert(trouble).slice(0, 300)}`),
    digestField(change?.digest ?? ''),
  ]
}

const heading = (words: string): Block => ({ type: 'heading', text: words })
const text = (words: string): Block => ({ type: 'text', text: words })
const digestField = (digest: string): Block => ({ type: 'fields', fields: [['Digest', digest]] })
