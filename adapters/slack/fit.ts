import { createHash } from 'node:crypto'
import type { types } from '@slack/bolt'
import type { Block, Card } from '../../src/cards/card.ts'
import { cardText } from '../../src/cards/text.ts'
import { inert, inertCard } from './inert.ts'
import { LIMITS } from './limits.ts'
import { pagesOf, wordsOf } from './pages.ts'
import { renderBlocks, renderTitle, SIGNS } from './render.ts'
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

/** One message that shows the card, or its beginning and where the whole is. `trouble` = why the file is not there after all. */
export function fit(given: Card, trouble?: string): Fitted {
  const whole = inertCard(given)
  const card = titled(whole)
  const asks = card.asks === 'approval'
  const [only = [], ...more] = pagesOf(card.blocks, ROOM)
  if (!more.length) return { ...message(card, only), file: null, offered: asks }
  const text = `${whole.title}\n\n${cardText(whole)}\n`
  const name = `${card.change?.id ?? 'card'}-${createHash('sha256').update(text).digest('hex').slice(0, 8)}.txt`
  const room = {
    size: asks ? LIMITS.summary : ROOM.size - LIMITS.note,
    blocks: ROOM.blocks - LIMITS.noteBlocks,
  }
  const [head = [], ...rest] = pagesOf(card.blocks, room)
  const left = linesIn(rest.flat())
  const note = trouble === undefined ? whereTheRestIs(card, name, left) : missing(card, left, trouble)
  return { ...message(card, [...head, ...note]), file: { name, text }, offered: false }
}

/** The card in as many messages as it takes: for whispers, which can have no file. */
export function inMessages(given: Card): Message[] {
  const card = titled(inertCard(given))
  const pages = pagesOf(card.blocks, ROOM)
  return pages.map((page, index) =>
    message(pages.length > 1 ? { ...card, title: `${card.title} (${index + 1} of ${pages.length})` } : card, page),
  )
}

function message({ title, tone }: Card, blocks: readonly Block[]): Message {
  const words = blocks.map(wordsOf).join('\n\n')
  const [shown = '', ...rest] = pieces(words, LIMITS.fallback - 40)
  const left = rest.length ? `\n… ${linesIn(blocks) - shown.split('\n').length} more lines` : ''
  return {
    text: escaped(`${SIGNS[tone]} ${title}${shown ? `\n${shown}` : ''}${left}`),
    blocks: [renderTitle(title, tone), ...renderBlocks(blocks)],
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

function whereTheRestIs({ change, asks }: Card, file: string, left: number): Block[] {
  if (!asks) return [text(`… ${left} more lines. All of it is in ${file}, attached in this thread.`)]
  const { id = '', digest = '' } = change ?? {}
  return [
    heading('Too long to be approved by a reaction'),
    text(
      `This is the beginning only; ${left} more lines are in ${file}, attached in this thread. Read all of it first. Then type /pcie approve ${id}, or /pcie deny ${id}: reactions on this message approve nothing.`,
    ),
    digestField(digest),
  ]
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
