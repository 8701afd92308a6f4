import type { APIEmbed } from 'discord.js'
import type { Block, Card, Tone } from '../../src/cards/card.ts'
import { REACTIONS, type Reactions } from '../../src/cards/reactions.ts'
import { cardText } from '../../src/cards/text.ts'
import { tooLongBlocks } from '../ballot-words.ts'
import { cleanCard } from '../clean.ts'
import { type Called, NOBODY } from './called.ts'
import { label, oneLine, plain } from './escape.ts'
import { LIMITS } from './limits.ts'
import { bodyLines, type Line } from './lines.ts'
import { pack } from './pack.ts'

/** A card as Discord takes it. `whole` = all of it can be read on the message itself; else all of it is in the file. */
export interface Rendered {
  readonly content: string
  readonly embeds: readonly APIEmbed[]
  readonly file: { readonly name: string; readonly data: Buffer; readonly type: string } | null
  readonly whole: boolean
  readonly called: Called
}

/** A colour never stands alone: the word beside it says the same. */
const TONES: Record<Tone, readonly [colour: number, sign: string, word: string]> = {
  ok: [0x2e9e5b, '🟢', 'Good'],
  info: [0x4a78c2, '🔵', 'Note'],
  warn: [0xd98e04, '🟠', 'Attention'],
  danger: [0xc8372d, '🔴', 'Trouble'],
}
const TITLE = 200
const FOOTER = 200
const NOTE = 900

/** Card → message: the title where notifications show it, the body in embeds. Nothing is left out without being counted. */
export function render(card: Card, called: Called = NOBODY, reactions: Reactions = REACTIONS): Rendered {
  const [color, sign, word] = TONES[card.tone]
  const title = oneLine(card.title) || '–'
  const long = title.length > TITLE
  const blocks: readonly Block[] = long ? [{ type: 'text', text: title }, ...card.blocks] : card.blocks
  const head = `${called.words && `${called.words} `}${sign} **${word} · ${plain(long ? `${cut(title, TITLE)}…` : title)}**`
  const [only] = blocks
  const lines = bodyLines(blocks)
  if (blocks.length === 1 && only?.type === 'text' && !card.change) {
    const content = `${head}\n${lines.map(({ text }) => text).join('\n')}`
    if (content.length <= LIMITS.content) return { content, embeds: [], file: null, whole: true, called }
  }
  const room = LIMITS.embedsTotal - FOOTER
  const fit = pack(lines, room)
  const whole = fit.taken === lines.length
  const file = whole ? null : { name: nameOf(card), data: wholeText(card), type: 'text/plain; charset=utf-8' }
  const pages = file ? pack(summary(card, blocks, { file: file.name, room, reactions }), room).pages : fit.pages
  const text = footer(card)
  const embeds = pages.map((description, index): APIEmbed => {
    const last = index === pages.length - 1
    return { description, color, ...(last && text && { footer: { text } }) }
  })
  return { content: head, embeds, file, whole, called }
}

/** What of a card that is too long stands on the message: its beginning, how much is left out, where a change stands. */
interface Short {
  readonly file: string
  readonly room: number
  readonly reactions: Reactions
}

function summary(card: Card, blocks: readonly Block[], { file, room, reactions }: Short): Line[] {
  const standing = card.change ? blocks.findLastIndex(({ type }) => type === 'heading') : -1
  const end = standing < 0 ? [] : blocks.slice(standing).filter(({ type }) => !card.asks || type !== 'text')
  const endLines = bodyLines(end)
  const fits = pack(endLines, room / 3).taken === endLines.length
  const rest = bodyLines(fits && standing >= 0 ? blocks.slice(0, standing) : blocks)
  const tail = fits && end.length ? [{ text: '' }, ...endLines] : []
  const taken = pack(rest, room - NOTE - tail.reduce((sum, { text }) => sum + text.length + 12, 0)).taken
  const left = rest.slice(taken).filter(({ text }) => text.trim()).length
  const more = `… ${left} more ${left === 1 ? 'line is' : 'lines are'} left out here; ${plain(file)} below has all of it.`
  return [...rest.slice(0, taken), { text: '' }, { text: `**${more}**` }, ...byCommand(card, reactions), ...tail]
}

/** Nobody approves by reaction what the message does not show. */
const byCommand = ({ asks, change }: Card, reactions: Reactions): Line[] =>
  asks && change
    ? [{ text: '' }, ...bodyLines(tooLongBlocks(change, reactions, 'This is the beginning of the plan only.'))]
    : []

const footer = ({ change }: Card): string =>
  change ? cut(label(`change ${change.id} · ${change.state} · digest ${change.digest}`), FOOTER) : ''

const nameOf = ({ change }: Card): string =>
  `${change ? change.id.replaceAll(/[^\w-]/g, '_').slice(0, 40) : 'card'}.txt`

function wholeText(card: Card): Buffer {
  const harmless = cleanCard(card)
  const data = Buffer.from(`${harmless.title}\n\n${cardText(harmless)}\n`)
  if (data.length <= LIMITS.fileBytes) return data
  const end = `\n… cut here: ${data.length} bytes are more than Discord takes as a file\n`
  return Buffer.concat([data.subarray(0, LIMITS.fileBytes - Buffer.byteLength(end)), Buffer.from(end)])
}

const cut = (text: string, most: number): string => text.slice(0, most).toWellFormed()
