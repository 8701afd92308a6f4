import { badgeRows, badgesOf, COLOURS } from './badges.ts'
import { matters, type Row } from './chosen.ts'
import { box, clipped, type Part, type Style, stroke, widthOf, writing } from './svg-parts.ts'
import type { Topology } from './topology.ts'
import { driverWords, functionWords, plain, saysGroups, short, whatItIs } from './words.ts'

/** Measures of the picture in pixels; `groups` is where the column of the groups begins. */
export const MEASURES = { width: 1000, margin: 24, groups: 790 } as const

const INDENT = 30
/** Levels drawn as indentation at most. */
const DEEPEST = 8
/** Between two devices. */
export const GAP = 7

const ADDRESS: Style = { size: 20, face: 'mono', fill: COLOURS.ink }
const QUIET: Style = { size: 16, face: 'sans', fill: COLOURS.grey }
const DRIVER: Style = { size: 15, face: 'mono', fill: COLOURS.grey }

/** A device: a box where there is something to say of it, else one quiet line; with the lines of the tree before it. */
export function rowPart({ device, lead }: Row, topology: Topology, y: number): Part {
  const above = lead.slice(0, -1).slice(-DEEPEST)
  const x = MEASURES.margin + 28 + above.length * INDENT
  const right = saysGroups(topology) ? MEASURES.groups - 16 : MEASURES.width - MEASURES.margin
  const detailed = matters(device)
  const inner = detailed ? 14 : 4
  const room = right - x - 2 * inner
  const badges = badgeRows(badgesOf(device, topology), x + inner, y + (device.name ? 64 : 40), room)
  const height = detailed ? (device.name ? 62 : 38) + badges.height + 6 : 28
  const base = y + (detailed ? 28 : 20)
  const address: Style = detailed ? ADDRESS : { ...ADDRESS, size: 16, fill: COLOURS.grey }
  const bold = clipped(short(device.address), 200, address)
  const start = Math.round(x + inner + widthOf(bold, address) + 12)
  const functions = functionWords(device)
  const driver = clipped(driverWords(device) ?? '', 200, DRIVER)
  const what = clipped(
    [whatItIs(device), functions].filter((part) => part).join(', '),
    right - inner - start - widthOf(driver, DRIVER) - 12,
    QUIET,
  )
  const svg = [
    treeLines(above, lead.at(-1) ?? false, x, { top: y, middle: base - 6, bottom: y + height + GAP }),
    detailed ? frame(x, y, right - x, height, device.troubles[0]?.severity) : '',
    writing(x + inner, base, bold, address),
    writing(start, base, what, QUIET),
    driver ? writing(right - inner, base, driver, DRIVER, 'end') : '',
    detailed && device.name ? writing(x + inner, y + 54, clipped(plain(device.name), room, QUIET), QUIET) : '',
    detailed ? badges.svg : '',
  ]
  return { svg: svg.filter((part) => part !== '').join('\n'), height: height + GAP }
}

/** A heavy frame with a bar for what blocks, a dashed one for a warning, a thin one else. */
function frame(x: number, y: number, width: number, height: number, severity: string | undefined): string {
  if (severity === 'blocker')
    return `${box(x, y, width, height, `fill="#fdf3ef" stroke="${COLOURS.red}" stroke-width="3"`)}${box(x, y, 8, height, `fill="${COLOURS.red}"`, 3)}`
  if (severity === 'warning')
    return box(
      x,
      y,
      width,
      height,
      `fill="#fffaf0" stroke="${COLOURS.brown}" stroke-width="2.5" stroke-dasharray="9 5"`,
    )
  return box(x, y, width, height, `fill="#f7f8fa" stroke="${COLOURS.line}" stroke-width="1.5"`)
}

interface Span {
  readonly top: number
  readonly middle: number
  readonly bottom: number
}

function treeLines(above: readonly boolean[], more: boolean, x: number, { top, middle, bottom }: Span): string {
  const column = (level: number) => MEASURES.margin + 10 + level * INDENT
  const down = (at: number, end: number) => stroke(`${at},${top - GAP} ${at},${end}`, COLOURS.pale, 2)
  const own = column(above.length)
  const through = above.flatMap((goesOn, level) => (goesOn ? [down(column(level), bottom)] : []))
  const elbow = stroke(`${own},${middle} ${x},${middle}`, COLOURS.pale, 2)
  return [...through, down(own, more ? bottom : middle + 1), elbow].join('\n')
}
