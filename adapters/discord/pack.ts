import { LIMITS } from './limits.ts'
import type { Line } from './lines.ts'

/** As many lines as there is room for, on pages of an embed each; code blocks are closed and opened again between pages. */
export function pack(
  lines: readonly Line[],
  room: number,
): { readonly pages: readonly string[]; readonly taken: number } {
  const pages: string[] = []
  let page = ''
  let fence: Line['fence']
  let left = room
  let taken = 0
  const closing = () => (fence === undefined ? '' : '\n```')
  const turn = () => {
    pages.push(page + closing())
    left -= page.length + closing().length
    page = ''
    fence = undefined
  }
  for (const line of lines) {
    if (page.length + joined(page, fence, line).length + END > LIMITS.embedText) turn()
    const piece = joined(page, fence, line)
    if (page.length + piece.length + END > left || pages.length === LIMITS.embeds) break
    page += piece
    fence = page === '' ? undefined : line.fence
    taken += 1
  }
  if (page.trim()) turn()
  return { pages, taken }
}

const END = '\n```'.length

function joined(page: string, fence: Line['fence'], line: Line): string {
  if (page === '' && line.text.trim() === '') return ''
  const same = fence === line.fence
  const end = same || fence === undefined ? '' : '\n```'
  const start = same || line.fence === undefined ? '' : `\`\`\`${line.fence}\n`
  return `${end}${page === '' ? '' : '\n'}${start}${line.text}`
}
