import wrapAnsi from 'wrap-ansi'
import { type Chosen, chosen, leftWords, matters, type Row, rowsOf } from './chosen.ts'
import type { Device, Topology } from './topology.ts'
import {
  aimWords,
  devicesIn,
  driverWords,
  fitted,
  functionWords,
  groupWords,
  iommuWords,
  ownerWords,
  plain,
  regionWords,
  rootWords,
  saysGroups,
  short,
  unreadWords,
  whatItIs,
} from './words.ts'

/** How large the text may become: columns, and characters in all. */
export interface Room {
  readonly columns: number
  readonly most: number
}

/** Narrow enough for a telephone, short enough for one message of every chat. */
export const ROOM: Room = { columns: 60, most: 2800 }

const MOST_TROUBLES = 6

/**
 * The topology for fixed width: trouble first, then the tree. Devices that do not fit are left out, the least telling first,
 * and counted. Never longer or wider than the room.
 */
export function topologyText(topology: Topology, room: Room = ROOM): string {
  const head = wrapped(headLines(topology), room.columns)
  const lines = (some: Chosen) => [
    ...head,
    ...treeLines(topology, some, room.columns),
    ...wrapped(footLines(topology, some), room.columns),
  ]
  const some = chosen(topology, (part) => lines(part).join('\n').length <= room.most)
  return cut(lines(some), room.most)
}

/** Broken at words; the further lines stay under the first. */
const wrapped = (lines: readonly string[], columns: number): string[] =>
  lines.flatMap((line) => {
    const indent = /^ */.exec(line)?.[0] ?? ''
    const words = wrapAnsi(plain(line), columns - indent.length, { hard: true })
    return words.split('\n').map((part) => `${indent}${part}`)
  })

/** Whole lines only, and how many are missing. */
export function cut(lines: readonly string[], most: number): string {
  for (let kept = lines.length; kept > 0; kept--) {
    const left = lines.length - kept
    const text = [...lines.slice(0, kept), ...(left ? [`… ${left} more lines`] : [])].join('\n')
    if (text.length <= most) return text
  }
  return ''
}

function headLines({ troubles, gone }: Topology): string[] {
  const bad = troubles.filter(({ severity }) => severity !== 'notice')
  const lines = bad.slice(0, MOST_TROUBLES).flatMap(({ rule, severity, devices }) => {
    const where = devices.map(short)
    const more = where.length > 6 ? ` and ${where.length - 6} more` : ''
    return [`${severity.toUpperCase()} ${rule}`, ...(where.length ? [`  ${where.slice(0, 6).join(', ')}${more}`] : [])]
  })
  if (bad.length > MOST_TROUBLES) lines.push(`… ${bad.length - MOST_TROUBLES} more findings: /pcie diagnose lists them`)
  for (const { address, owners } of gone)
    lines.push(`MISSING ${short(address)}: not on this node`, ...ownerWords(owners).map((words) => `  ${words}`))
  return lines.length ? [...lines, ''] : []
}

const treeLines = (topology: Topology, { roots }: Chosen, columns: number): string[] =>
  roots.flatMap((root) => [
    fitted(rootWords(root, topology), columns),
    ...rowsOf(root.branches).flatMap((row) => rowLines(row, topology, columns)),
  ])

function rowLines({ device, lead }: Row, topology: Topology, columns: number): string[] {
  const above = lead.slice(0, -1).slice(-DEEPEST)
  const more = lead.at(-1) ?? false
  const trunk = above.map((goesOn) => (goesOn ? '│ ' : '  ')).join('')
  const under = `${trunk}${more ? '│ ' : '  '}  `
  const [first = '', ...rest] = deviceLines(device, topology)
  const fit = (start: string, line: string) => `${start}${fitted(line, columns - start.length)}`
  return [fit(`${trunk}${more ? '├ ' : '└ '}`, first), ...rest.map((line) => fit(under, line))]
}

/** Levels drawn as indentation at most. */
const DEEPEST = 8

/** One line for a device of which there is nothing to say; several for the others. */
function deviceLines(device: Device, topology: Topology): string[] {
  const { group, name, kind } = device
  const head = `${short(device.address)} ${whatItIs(device)}`
  const groups = saysGroups(topology) ? groupWords(device) : undefined
  const driver = driverWords(device)
  if (!matters(device)) return [joined([head, functionWords(device), groups, kind === 'device' ? driver : undefined])]
  const shared = groups && group && group.size > 1 ? ` of ${devicesIn(group.size)}` : ''
  const about = [groups && `${groups}${shared}`, device.driver ? `driver ${driver}` : driver, functionWords(device)]
  return [
    head,
    ...aimWords(device, topology),
    ...device.troubles.map(({ severity, rule }) => `${severity.toUpperCase()} ${rule}`),
    ...ownerWords(device.owners),
    ...regionWords(device, topology),
    ...(name ? [name] : []),
    ...(about.some((part) => part) ? [joined(about)] : []),
  ]
}

const joined = (parts: readonly (string | undefined)[]): string => parts.filter((part) => part).join(', ')

function footLines(topology: Topology, { left, roots }: Chosen): string[] {
  const lines = [leftWords(left), iommuWords(topology), unreadWords(topology)].filter((line) => line !== undefined)
  if (roots.length === 0) return left.length ? lines : ['No PCI device was seen.', ...lines]
  return lines.length ? ['', ...lines] : []
}
