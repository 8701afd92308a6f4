import type { Change } from '../changes/change.ts'
import { type Glance, type GlanceGroup, grouped, type Known, WORST_FIRST } from '../diagnosis/glance.ts'
import type { Block, Card, Tone } from './card.ts'
import { counted, stateWords, utc } from './words.ts'

/** How many nodes get a line each, and how many more are named, in all groups together; the attached list has all of them. */
const LINES = 40
const NAMES = 120
/** Groups with a heading of their own; the others get a line. */
const GROUPS = 10
/** The room of each group, when there are so many. */
const roomOf = (groups: number) => ({
  lines: Math.max(2, Math.floor(LINES / groups)),
  names: Math.max(4, Math.floor(NAMES / groups)),
})

const WORDS: Record<Glance['status'], string> = {
  broken: 'broken',
  unreachable: 'not read',
  unknown: 'could not tell',
  'at-risk': 'at risk',
  healthy: 'healthy',
}
const SIGNS: Record<Glance['status'], string> = {
  broken: '✗',
  unreachable: '?',
  unknown: '?',
  'at-risk': '!',
  healthy: '✓',
}

/** While the nodes are being looked at: how far it is, and what has come so far. */
export const surveyProgressCard = (asked: string, all: number, soFar: readonly Glance[]): Card => ({
  title: `${asked}: ${soFar.length} of ${counted(all, 'node')} looked at …`,
  tone: 'info',
  blocks: [
    {
      type: 'text',
      text: soFar.length > 0 ? `So far: ${tally(soFar)}.` : 'Reading the nodes over SSH. Nothing is written on them.',
    },
  ],
})

/** What all of them came to: one line a node, those with the same cause together, the worst first. */
export function surveyCard(asked: string, glances: readonly Glance[], seconds: number): Card {
  const groups = grouped(glances)
  const room = roomOf(groups.length)
  return {
    title: `${asked}: ${counted(glances.length, 'node')}, ${tally(glances) || 'none'}`,
    tone: toneOf(glances),
    blocks: [
      ...groups.slice(0, GROUPS).flatMap(({ status, cause, glances: members }): Block[] => [
        {
          type: 'heading',
          text: groupWords({ status, cause, glances: members }),
        },
        ...(status === 'healthy'
          ? [{ type: 'text', text: named(members, room.names) } as const]
          : [{ type: 'list', items: lines(members, room) } as const]),
      ]),
      ...(groups.length > GROUPS
        ? [
            { type: 'heading', text: 'And' } as const,
            {
              type: 'list',
              items: groups.slice(GROUPS).map((group) => `${groupWords(group)}: ${named(group.glances, room.names)}`),
            } as const,
          ]
        : []),
      {
        type: 'text',
        text: `Looked at in ${seconds.toFixed(1)} s. /pcie diagnose <node> shows the evidence, and the change that would cure it.`,
      },
    ],
  }
}

/** One line a node for a file: node, verdict, cause, words, with tabs between; the worst first. */
export const surveyTable = (glances: readonly Glance[]): string =>
  [
    ['node', 'verdict', 'cause', 'says'],
    ...grouped(glances).flatMap(({ glances: members }) =>
      members.map(({ node, status, cause, says }) => [node, status, cause ?? '', says.replaceAll(/\s+/g, ' ')]),
    ),
  ]
    .map((cells) => `${cells.join('\t')}\n`)
    .join('')

/** More nodes than a card has lines for. */
export function needsTable(glances: readonly Glance[]): boolean {
  const groups = grouped(glances)
  const room = roomOf(groups.length)
  return groups.some(
    ({ status, glances: members }, at) =>
      members.length > (at >= GROUPS || status === 'healthy' ? room.names : room.lines),
  )
}

export interface NodeLine {
  readonly name: string
  readonly about: string
  readonly simulated: boolean
  readonly labels: readonly string[]
}

/** The nodes there are, what is known of each without looking, and what is under way. */
export const nodesCard = (
  nodes: readonly NodeLine[],
  live: readonly Change[],
  known: ReadonlyMap<string, Known> = new Map(),
): Card => ({
  title: counted(nodes.length, 'node'),
  tone: 'info',
  blocks: [
    {
      type: 'fields',
      fields: nodes.map(({ name, about, simulated, labels }) => {
        const held = live.find(({ plan }) => plan.node === name)
        const last = known.get(name)
        return [
          name,
          [
            `${about}${simulated ? ' (simulated)' : ''}${labels.length ? ` [${labels.join(', ')}]` : ''}`,
            ...(last
              ? [`${SIGNS[last.status]} ${WORDS[last.status]}${last.cause ? `, ${last.cause}` : ''}, ${utc(last.at)}`]
              : []),
            ...(held ? [`${held.id} ${stateWords(held)}`] : []),
          ].join(' – '),
        ]
      }),
    },
    { type: 'text', text: '/pcie diagnose all looks at every one of them.' },
  ],
})

const groupWords = ({ status, cause, glances }: GlanceGroup): string =>
  `${SIGNS[status]} ${WORDS[status]}${cause ? `: ${cause}` : ''} – ${counted(glances.length, 'node')}`

const lines = (members: readonly Glance[], room: { lines: number; names: number }): string[] => [
  ...members.slice(0, room.lines).map(({ node, says }) => `${node}: ${says}`),
  ...(members.length > room.lines ? [`and ${named(members.slice(room.lines), room.names)}`] : []),
]

const named = (members: readonly Glance[], most: number): string => {
  const names = members.slice(0, most).map(({ node }) => node)
  return `${names.join(', ')}${members.length > most ? ` and ${members.length - most} more` : ''}`
}

const tally = (glances: readonly Glance[]): string =>
  WORST_FIRST.flatMap((status) => {
    const count = glances.filter((one) => one.status === status).length
    return count > 0 ? [`${count} ${WORDS[status]}`] : []
  }).join(', ')

const toneOf = (glances: readonly Glance[]): Tone => {
  const has = (status: Glance['status']) => glances.some((one) => one.status === status)
  if (has('broken')) return 'danger'
  return has('unreachable') || has('unknown') || has('at-risk') ? 'warn' : 'ok'
}
