import type { types } from '@slack/bolt'
import type { Block, Tone } from '../../src/cards/card.ts'

type Element = types.RichTextBlockElement
type Text = types.RichTextText

/** A sign per tone; the words beside it are the title's. */
export const SIGNS: Record<Tone, string> = { ok: '🟢', info: '🔵', warn: '🟠', danger: '🔴' }

/** The title as a header. It has been made short enough, as every word has been made harmless (`inertCard`). */
export const renderTitle = (title: string, tone: Tone): types.KnownBlock => ({
  type: 'header',
  text: { type: 'plain_text', text: `${SIGNS[tone]} ${title}`, emoji: false },
})

/** Whom a message calls: the one block that Slack reads as markup, and nothing but mentions stands in it. */
export const renderMentions = (mentions: string): types.KnownBlock[] =>
  mentions ? [{ type: 'section', text: { type: 'mrkdwn', text: mentions, verbatim: true } }] : []

/** Blocks as rich text: its elements are read literally, so nothing in them is a mention, a link or markup. */
export function renderBlocks(blocks: readonly Block[]): types.KnownBlock[] {
  const rendered: { type: 'rich_text'; elements: Element[] }[] = []
  let heading: Element[] = []
  for (const block of blocks) {
    const elements = renderBlock(block)
    if (block.type === 'heading') heading.push(...elements)
    else if (elements.length) {
      rendered.push({ type: 'rich_text', elements: [...heading, ...elements] })
      heading = []
    }
  }
  if (heading.length) rendered.push({ type: 'rich_text', elements: heading })
  return rendered
}

function renderBlock(block: Block): Element[] {
  switch (block.type) {
    case 'text':
      return block.text ? [section(plain(block.text))] : []
    case 'heading':
      return block.text ? [section(bold(block.text))] : []
    case 'fields':
      return block.fields.length ? [section(...fields(block.fields))] : []
    case 'list':
      return block.items.length
        ? [{ type: 'rich_text_list', style: 'bullet', elements: block.items.map((item) => section(plain(item))) }]
        : []
    case 'code':
      return block.text ? [preformatted(block.text)] : []
    case 'diff':
      return block.lines.length ? [preformatted(block.lines.join('\n'))] : []
    default:
      return block satisfies never
  }
}

/** A value of several lines starts under its label. */
const fields = (all: readonly (readonly [string, string])[]): Text[] =>
  all.flatMap(([label, value], index) => [
    bold(`${label}:`),
    plain(`${value.includes('\n') ? '\n' : ' '}${value}${index < all.length - 1 ? '\n' : ''}`),
  ])

const section = (...elements: Text[]): types.RichTextSection => ({ type: 'rich_text_section', elements })
const preformatted = (text: string): Element => ({ type: 'rich_text_preformatted', elements: [plain(text)] })
const plain = (text: string): Text => ({ type: 'text', text: text || ' ' })
const bold = (text: string): Text => ({ ...plain(text), style: { bold: true } })
