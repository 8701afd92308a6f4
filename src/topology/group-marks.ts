import { COLOURS } from './badges.ts'
import { clipped, type Style, stroke, writing } from './svg-parts.ts'
import { MEASURES } from './svg-row.ts'
import type { Device } from './topology.ts'
import { devicesIn, short } from './words.ts'

/** Where a device stands in the picture. */
export interface Placed {
  readonly device: Device
  readonly top: number
  readonly bottom: number
}

interface Run {
  readonly group: Device['group']
  readonly addresses: readonly string[]
  readonly top: number
  readonly bottom: number
}

const NAME: Style = { size: 16, face: 'bold', fill: COLOURS.ink }
const MORE: Style = { size: 15, face: 'sans', fill: COLOURS.ink }
const QUIET: Style = { size: 15, face: 'sans', fill: COLOURS.grey }

/**
 * A bracket for every run of devices that follow each other in one IOMMU group, heavy where the group holds several. A group
 * that stands in several places says where the others are.
 */
export function groupMarks(roots: readonly (readonly Placed[])[]): string {
  const runs = roots.flatMap(runsOf)
  return runs
    .map((run) => {
      const others = runs.filter((other) => other !== run && run.group && other.group?.id === run.group.id)
      return mark(
        run,
        others.flatMap(({ addresses }) => addresses.map(short)),
      )
    })
    .join('\n')
}

function runsOf(rows: readonly Placed[]): Run[] {
  const runs: Run[] = []
  for (const { device, top, bottom } of rows) {
    const { group, address } = device
    const last = runs.at(-1)
    if (last?.group && group && last.group.id === group.id)
      runs[runs.length - 1] = { ...last, bottom, addresses: [...last.addresses, address] }
    else runs.push({ group, addresses: [address], top, bottom })
  }
  return runs
}

function mark({ group, top, bottom }: Run, others: readonly string[]): string {
  const x = MEASURES.groups
  const middle = (top + bottom) / 2
  if (!group) return group === null ? lines(['no group'], middle, QUIET) : ''
  const shared = group.size > 1
  const bracket = stroke(
    `${x},${top + 2} ${x + 7},${top + 2} ${x + 7},${bottom - 2} ${x},${bottom - 2}`,
    shared ? COLOURS.ink : COLOURS.line,
    shared ? 4 : 2,
  )
  const name = `group ${group.id}`
  if (!shared) return bracket + lines([name], middle, QUIET)
  const more = others.length > NAMED ? [`and ${others.length - NAMED} more`] : []
  const also = others.length ? [`also ${[...others.slice(0, NAMED), ...more].join(', ')}`] : []
  const room = Math.floor((bottom - top + 12) / LINE)
  const about = [devicesIn(group.size), ...also]
  if (room < 2) return bracket + lines([`${name}: ${also[0] ?? about[0]}`], middle, MORE)
  return bracket + lines([name, ...about.slice(-(room - 1))], middle, NAME)
}

const LINE = 20
/** How many devices of a group elsewhere are named. */
const NAMED = 2

/** Lines around the middle, the first in its own style. */
function lines(texts: readonly string[], middle: number, first: Style): string {
  const x = MEASURES.groups + 16
  const room = MEASURES.width - MEASURES.margin - x
  const top = middle + 5 - ((texts.length - 1) * LINE) / 2
  return texts
    .map((text, index) => {
      const style = index === 0 ? first : MORE
      return writing(x, top + index * LINE, clipped(text, room, style), style)
    })
    .join('')
}
