import { badge, badgeWidth, COLOURS } from './badges.ts'
import { type Chosen, leftWords } from './chosen.ts'
import { clipped, folded, type Part, type Style, writing } from './svg-parts.ts'
import { MEASURES } from './svg-row.ts'
import type { Root, Topology } from './topology.ts'
import { iommuWords, rootWords, short, unreadWords } from './words.ts'

const TITLE: Style = { size: 29, face: 'bold', fill: COLOURS.ink }
const HEADING: Style = { size: 18, face: 'bold', fill: COLOURS.grey }
const SENTENCE: Style = { size: 18, face: 'sans', fill: COLOURS.ink }
const QUIET: Style = { size: 16, face: 'sans', fill: COLOURS.grey }

const LEFT = MEASURES.margin
const ROOM = MEASURES.width - 2 * MEASURES.margin
const MOST_TROUBLES = 4

/** What the picture is called, for who hears it as well. */
export const titleOf = ({ node, target }: Topology): string =>
  `${node ?? 'node'}${target ? `, ${target.replace(/^device:(0000:)?/, 'device ')}` : ''}: PCIe topology`

/** Of which node the picture is, and when it was read. */
export function headPart(topology: Topology, y: number): Part {
  const { takenAt, by } = topology
  const read = takenAt ? `read ${takenAt.slice(0, 16).replace('T', ' ')} UTC` : undefined
  const order = by === 'nothing' ? undefined : by === 'paths' ? 'by bus and bridge' : 'by IOMMU group'
  const title = clipped(titleOf(topology), ROOM, TITLE)
  const below = clipped([read, order].filter((part) => part).join(', '), ROOM, QUIET)
  return {
    svg: `${writing(LEFT, y + 28, title, TITLE)}\n${writing(LEFT, y + 58, below, QUIET)}`,
    height: 76,
  }
}

/** What was found; where there is no trouble, the verdict; what guests are given and is not there. */
export function troubleParts({ troubles, gone, verdict }: Topology): ((y: number) => Part)[] {
  const bad = troubles.filter(({ severity }) => severity !== 'notice')
  const marked = bad.slice(0, MOST_TROUBLES).map(({ severity, says, rule }) => (y: number): Part => {
    const words = severity.toUpperCase()
    const width = badgeWidth(words)
    const text = sentencePart(`${says.replace(/\.?$/, '.')} (${rule})`, LEFT + width + 14, y)
    return { svg: `${badge(LEFT, y, width, { kind: severity, words })}\n${text.svg}`, height: text.height }
  })
  const left = bad.length - marked.length
  const missing = gone.map(({ address, owners }) => {
    const guests = owners.flatMap((owner) =>
      owner.kind === 'guest' ? [`${owner.guest} ${owner.id || ''}`.trim()] : [],
    )
    return `MISSING ${short(address)}, given to ${guests.join(', ')}: it is not on this node.`
  })
  const more = gone.length - MOST_TROUBLES
  const notes = [
    ...(bad.length === 0 && verdict ? [verdict] : []),
    ...(left > 0 ? [`… ${left} more ${left === 1 ? 'finding' : 'findings'}`] : []),
    ...missing.slice(0, MOST_TROUBLES),
    ...(more > 0 ? [`… ${more} more that are missing`] : []),
  ]
  return [...marked, ...notes.map((words) => (y: number) => sentencePart(words, LEFT, y))]
}

function sentencePart(words: string, x: number, y: number): Part {
  const text = words.replaceAll(/\b0000:(?=[0-9a-f]{2}:)/g, '')
  const lines = folded(text, LEFT + ROOM - x, SENTENCE, 4)
  const svg = lines.map((line, index) => writing(x, y + 20 + index * 25, line, SENTENCE)).join('\n')
  return { svg, height: lines.length * 25 + 12 }
}

/** The name of a root bus, or of a group. */
export const rootPart = (root: Root, topology: Topology, y: number): Part => ({
  svg: writing(LEFT, y + 28, clipped(rootWords(root, topology), ROOM, HEADING), HEADING),
  height: 40,
})

/** What Proxmox does at a guest's start (FACTS 5.4). */
const groupRule = ({ by, iommu }: Topology): string | undefined =>
  by === 'nothing' || iommu !== 'on'
    ? undefined
    : 'When a guest starts it takes every device of the IOMMU group that is not a bridge, also from the host.'

/** What was left out, what was not read, and what a group means. */
export function footPart(topology: Topology, { left, roots }: Chosen, y: number): Part {
  const none = roots.length === 0 && left.length === 0 ? 'No PCI device was seen.' : undefined
  const lines = [none, leftWords(left), iommuWords(topology), unreadWords(topology), groupRule(topology)]
    .filter((line) => line !== undefined)
    .flatMap((line) => folded(line, ROOM, QUIET, 6))
  const svg = lines.map((line, index) => writing(LEFT, y + 30 + index * 24, line, QUIET)).join('\n')
  return { svg, height: lines.length * 24 + 16 }
}
