import fc from 'fast-check'
import type { Capture } from '../../src/facts/capture.ts'

type Mangler = (text: string, random: (below: number) => number) => string

/** What goes wrong with texts on their way: each loses or shuffles, none makes anything up. */
const manglers: Readonly<Record<string, Mangler>> = {
  'cut off': (text, random) => text.slice(0, random(text.length + 1)),
  'beginning lost': (text, random) => text.slice(random(text.length + 1)),
  'lines in another order': (text, random) => {
    const lines = text.split('\n')
    return lines
      .map((line) => ({ line, at: random(lines.length) }))
      .toSorted((a, b) => a.at - b.at)
      .map(({ line }) => line)
      .join('\n')
  },
  'lines lost': (text, random) =>
    text
      .split('\n')
      .filter(() => random(3) > 0)
      .join('\n'),
  'lines doubled': (text, random) =>
    text
      .split('\n')
      .flatMap((line) => Array<string>(1 + random(3)).fill(line))
      .join('\n'),
  'lines cut in two': (text, random) =>
    text
      .split('\n')
      .map((line) => line.slice(0, random(4) > 0 ? line.length : random(line.length + 1)))
      .join('\n'),
  'Windows line ends': (text) => text.replaceAll('\n', '\r\n'),
  'binary bytes': (text, random) =>
    [...text].map((char) => (random(20) > 0 ? char : String.fromCharCode(random(256)))).join(''),
  'words in another place': (text, random) => {
    const words = text.split(/(?<=\s)/)
    return words.map((word) => (random(10) > 0 ? word : (words[random(words.length)] ?? word))).join('')
  },
}

/** A way to mangle a capture: one thing or several go wrong with some of its probes, in an order that the seed decides. */
export interface Mangling {
  readonly how: readonly string[]
  /** So many of its probes are mangled for one that is spared. */
  readonly spares: number
  readonly seed: number
}

export const mangling: fc.Arbitrary<Mangling> = fc.record({
  how: fc.uniqueArray(fc.constantFrom(...Object.keys(manglers)), { minLength: 1, maxLength: 3 }),
  spares: fc.integer({ min: 1, max: 4 }),
  seed: fc.integer(),
})

/** The capture with its texts mangled; the same every time. */
export function mangled(capture: Capture, { how, spares, seed }: Mangling): Capture {
  const random = below(seed)
  const probes = Object.entries(capture.probes).map(([name, taken]) => {
    if (random(spares + 1) === 0) return [name, taken] as const
    const text = how.reduce((now, kind) => manglers[kind]?.(now, random) ?? now, taken.text)
    return [name, { ...taken, text }] as const
  })
  return { ...capture, probes: Object.fromEntries(probes) }
}

/** Whole numbers below a bound, in an order that the seed decides (mulberry32). */
function below(seed: number): (bound: number) => number {
  let state = seed
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * bound)
  }
}

/** A text of so many lines: the same ones over and over, or (renumbered) each time with addresses and numbers of their own. */
export function longer(text: string, lines: number, renumbered: boolean): string {
  const once = text.trimEnd().split('\n')
  const out: string[] = []
  for (let round = 0; out.length < lines; round++)
    out.push(...(renumbered && round > 0 ? once.map((line) => renumber(line, round)) : once))
  return `${out.slice(0, lines).join('\n')}\n`
}

/** The whole lines of a text that stay within so many characters. */
export const within = (text: string, most: number): string =>
  text.length <= most ? text : text.slice(0, text.lastIndexOf('\n', most - 1) + 1)

/** Domains of PCI addresses, numbers of groups and guests, and the seconds of a log count on. */
const renumber = (line: string, round: number): string =>
  line
    .replaceAll(/\b0000(?=:[0-9a-f]{2}:[0-9a-f]{2}\b)/g, (round % 0x10000).toString(16).padStart(4, '0'))
    .replaceAll(/(?<=iommu_groups\/|\bgroup |iommugroup=|node)\d+/g, (id) => String(Number(id) + 100 * round))
    .replaceAll(/(?<=qemu-server\/|lxc\/|\b(?:qemu|VM|vm|guest) |qmstart:)\d+/g, (id) =>
      String(Number(id) + 1000 * round),
    )
    .replace(/^(\[ *)\d+/, (_, open: string) => `${open}${round}`)
