/** What Slack's pages, its packages' types and its maintainers say a message may be (CHAT.md D); not read from our own table. */
const MOST = { blocks: 50, header: 150, total: 13_000, fallback: 4000, element: 3000 }

/** Of what is allowed, what we use: whatever else turns up (a link, a user, a broadcast) is a problem. */
const INSIDE = {
  message: ['rich_text'],
  rich_text: ['rich_text_section', 'rich_text_list', 'rich_text_preformatted'],
  rich_text_list: ['rich_text_section'],
  rich_text_section: ['text'],
  rich_text_preformatted: ['text'],
} as const satisfies Record<string, readonly string[]> as Record<
  'message' | 'rich_text' | 'rich_text_list' | 'rich_text_section' | 'rich_text_preformatted',
  readonly string[]
>

interface Node {
  readonly type?: string
  readonly text?: string | { readonly type?: string; readonly text?: string }
  readonly elements?: readonly Node[]
  readonly style?: unknown
}

/**
 * Everything wrong with a message: limits, unknown blocks, empty texts, mentions, links, markup, control characters. `calls`: what
 * may stand there as a mention, once, right below the title and at the head of the fallback, and nowhere else.
 */
export function messageProblems(
  { text: said, blocks: all }: { text: string; blocks: readonly Node[] },
  calls = '',
): string[] {
  const problems: string[] = []
  const mention = JSON.stringify({ type: 'section', text: { type: 'mrkdwn', text: calls, verbatim: true } })
  const called = calls !== '' && JSON.stringify(all[1]) === mention
  const blocks = called ? all.toSpliced(1, 1) : all
  const text = called && said.startsWith(`${calls} `) ? said.slice(calls.length + 1) : said
  const no = (wrong: boolean, says: string) => wrong && problems.push(says)
  let total = called ? calls.length : 0

  const literal = (words: string, where: string) => {
    no(words.length === 0, `${where}: empty`)
    no(words.length > MOST.element, `${where}: ${words.length} characters`)
    no(/<[!@#]|@(?:here|channel|everyone)\b/i.test(words), `${where}: mention in ${JSON.stringify(words.slice(0, 80))}`)
    no(/[^\P{Cc}\n]|[\u200e\u200f\u202a-\u202e\u2066-\u2069]/u.test(words), `${where}: control character`)
    no(!words.isWellFormed(), `${where}: half a character`)
    total += words.replaceAll(/[<>]/g, '&lt;').replaceAll(/&(?!lt;)/g, '&amp;').length
  }
  const element = (node: Node, parent: keyof typeof INSIDE): void => {
    const type = node.type ?? 'nothing'
    no(!INSIDE[parent].includes(type), `${type} in ${parent}`)
    if (type === 'text') literal(typeof node.text === 'string' ? node.text : '', parent)
    else if (type in INSIDE) {
      no(!node.elements?.length, `${type}: no elements`)
      for (const child of node.elements ?? []) element(child, type as keyof typeof INSIDE)
    }
  }
  no(calls !== '' && !called, 'nobody is called')
  no(all.length === 0 || all.length > MOST.blocks, `${all.length} blocks`)
  for (const block of blocks) {
    if (block.type === 'header') {
      const words = typeof block.text === 'object' ? (block.text.text ?? '') : ''
      no(typeof block.text !== 'object' || block.text.type !== 'plain_text', 'header: not plain text')
      no(words.length > MOST.header || words.includes('\n'), `header: ${words.length} characters`)
      literal(words, 'header')
    } else if (block.type === 'rich_text') element(block, 'message')
    else no(true, `unknown block ${block.type}`)
  }
  no(total > MOST.total, `${total} characters in all`)
  no(text.length === 0 || said.length > MOST.fallback, `fallback: ${said.length} characters`)
  no(/[<>]|&(?!(?:amp|lt|gt);)/.test(text), `fallback: not escaped: ${text.slice(0, 80)}`)
  no(/@(?:here|channel|everyone)\b/i.test(text), 'fallback: mention')
  return problems
}

/** All the words of blocks, for assertions. */
export function wordsIn(blocks: readonly Node[]): string {
  const words = (node: Node): string => {
    if (typeof node.text === 'string') return node.text
    if (node.text) return node.text.text ?? ''
    return (node.elements ?? []).map(words).join(node.type === 'rich_text_section' ? '' : '\n')
  }
  return blocks.map(words).join('\n')
}
