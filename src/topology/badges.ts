import { box, clipped, type Part, type Style, widthOf, writing } from './svg-parts.ts'
import type { Device, Topology } from './topology.ts'
import { aimWords, ownerWords, regionWords } from './words.ts'

/** Colours for the colour-blind, on white; each kind also has a shape of its own, and always its word. */
export const COLOURS = {
  ink: '#1a1a1a',
  grey: '#4d4d4d',
  pale: '#8c8c8c',
  line: '#b3b3b3',
  red: '#9c2a00',
  amber: '#f2c14e',
  brown: '#6b4a00',
  blue: '#00508a',
  green: '#005f45',
  white: '#ffffff',
} as const

export type Kind = 'target' | 'blocker' | 'warning' | 'notice' | 'host' | 'guest' | 'region'

export interface Badge {
  readonly kind: Kind
  readonly words: string
}

const LETTERS = { size: 15, face: 'bold' } as const
const INK: Readonly<Record<Kind, string>> = {
  target: COLOURS.ink,
  blocker: COLOURS.white,
  warning: COLOURS.ink,
  notice: COLOURS.grey,
  host: COLOURS.white,
  guest: COLOURS.green,
  region: COLOURS.ink,
}

/** All that is said of a device in words: trouble, owners, reserved memory. */
export const badgesOf = (device: Device, topology: Topology): Badge[] => [
  ...aimWords(device, topology).map((words) => ({ kind: 'target', words }) as const),
  ...device.troubles.map(({ severity, rule }) => ({ kind: severity, words: `${severity.toUpperCase()} ${rule}` })),
  ...ownerWords(device.owners).map((words) => ({ kind: words.startsWith('HOST') ? 'host' : 'guest', words }) as const),
  ...regionWords(device, topology).map((words) => ({ kind: 'region', words }) as const),
]

/** Badges in rows, as many as there is room for beside each other. */
export function badgeRows(badges: readonly Badge[], x: number, y: number, room: number): Part {
  let left = x
  let top = y
  const drawn: string[] = []
  for (const { kind, words } of badges) {
    const text = clipped(words, room - 2 * PAD, LETTERS)
    const width = Math.round(widthOf(text, LETTERS)) + 2 * PAD
    if (left > x && left + width > x + room) {
      left = x
      top += STEP
    }
    drawn.push(badge(left, top, width, { kind, words: text }))
    left += width + 8
  }
  return { svg: drawn.join('\n'), height: badges.length ? top - y + STEP : 0 }
}

const HEIGHT = 27
const STEP = HEIGHT + 6
const PAD = 10

/** One badge: an octagon for what blocks, a flag for a warning, a square for the host, a round one for a guest. */
export function badge(x: number, y: number, width: number, { kind, words }: Badge): string {
  const style: Style = { ...LETTERS, fill: INK[kind] }
  return `${shape(x, y, width, kind)}${writing(x + width / 2, y + 19, words, style, 'middle')}`
}

/** How wide a badge of these words is. */
export const badgeWidth = (words: string): number => Math.round(widthOf(words, LETTERS)) + 2 * PAD

function shape(x: number, y: number, width: number, kind: Kind): string {
  const [right, bottom] = [x + width, y + HEIGHT]
  switch (kind) {
    case 'blocker':
      return `<path d="M${x + 8},${y} H${right - 8} L${right},${y + 8} V${bottom - 8} L${right - 8},${bottom} H${x + 8} L${x},${bottom - 8} V${y + 8} Z" fill="${COLOURS.red}"/>`
    case 'warning':
      return `<path d="M${x},${y} H${right - 9} L${right},${y + HEIGHT / 2} L${right - 9},${bottom} H${x} Z" fill="${COLOURS.amber}" stroke="${COLOURS.brown}" stroke-width="1.5"/>`
    case 'target':
      return box(x, y, width, HEIGHT, `fill="${COLOURS.white}" stroke="${COLOURS.ink}" stroke-width="3"`, 0)
    case 'host':
      return box(x, y, width, HEIGHT, `fill="${COLOURS.blue}"`, 0)
    case 'guest':
      return box(
        x,
        y,
        width,
        HEIGHT,
        `fill="${COLOURS.white}" stroke="${COLOURS.green}" stroke-width="2.5"`,
        HEIGHT / 2,
      )
    case 'region':
      return box(
        x,
        y,
        width,
        HEIGHT,
        `fill="${COLOURS.white}" stroke="${COLOURS.ink}" stroke-width="1.5" stroke-dasharray="5 3"`,
        0,
      )
    case 'notice':
      return box(x, y, width, HEIGHT, `fill="${COLOURS.white}" stroke="${COLOURS.pale}" stroke-width="1.5"`, 4)
    default:
      return kind satisfies never
  }
}
