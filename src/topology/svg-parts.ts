import { plain } from './words.ts'

/** The three faces of the pictures; `png.ts` has their files. */
export type Face = 'sans' | 'bold' | 'mono'

export interface Style {
  readonly size: number
  readonly face: Face
  readonly fill: string
}

/** A part of a picture, and how high it is. */
export interface Part {
  readonly svg: string
  readonly height: number
}

const FACES: Readonly<Record<Face, string>> = {
  sans: 'font-family="DejaVu Sans"',
  bold: 'font-family="DejaVu Sans" font-weight="bold"',
  mono: 'font-family="DejaVu Sans Mono" font-weight="bold"',
}

/** Text as XML may hold it: one line, no control characters, no half of a surrogate pair, nothing that is markup. */
export const xml = (text: string): string =>
  plain(text.toWellFormed())
    .replaceAll(/[\u{fffe}\u{ffff}]/gu, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')

/** How wide a text becomes at most, in pixels: by kinds of letters, never less than the font takes. */
export function widthOf(text: string, { size, face }: Pick<Style, 'size' | 'face'>): number {
  if (face === 'mono') return [...text].reduce((sum, sign) => sum + (sign < '\u{2e80}' ? 0.61 : 1.1), 0) * size
  const ems = [...text].reduce((sum, sign) => sum + emsOf(sign), 0)
  return ems * size * (face === 'bold' ? 1.14 : 1)
}

/** Advance widths of the sans face in ems, rounded up by kinds of letters; others than Latin ones are full width. */
const EMS: readonly (readonly [RegExp, number])[] = [
  [/[ ijlIJ'|,.:;/\\f-]/, 0.37],
  [/[()[\]rt!"]/, 0.46],
  [/[szc*_`]/, 0.56],
  [/[mW%@…]/, 1],
  [/M/, 0.88],
  [/[w#+<=>^~]/, 0.85],
  [/[A-Z&]/, 0.8],
  [/[!-\u024f]/, 0.66],
]

const emsOf = (sign: string): number => EMS.find(([kind]) => kind.test(sign))?.[1] ?? 1.1

/** As much of a text as there is room for; what is cut shows as …. */
export function clipped(text: string, room: number, style: Pick<Style, 'size' | 'face'>): string {
  const line = plain(text)
  if (widthOf(line, style) <= room) return line
  let kept = ''
  for (const sign of line) {
    if (widthOf(`${kept}${sign}…`, style) > room) break
    kept += sign
  }
  return `${kept.trimEnd()}…`
}

/** A text in so many lines at most, broken at words; the last one is cut where more would follow. */
export function folded(text: string, room: number, style: Pick<Style, 'size' | 'face'>, most: number): string[] {
  const lines: string[] = []
  for (const word of plain(text).split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && widthOf(`${last} ${word}`, style) <= room) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  const shown = lines.slice(0, most)
  const rest = lines.slice(most - 1).join(' ')
  return shown.map((line, index) => clipped(index === most - 1 ? rest : line, room, style))
}

/** A line of text on the base line y: it begins at x, or ends there, or has its middle there. */
export function writing(x: number, y: number, text: string, { size, face, fill }: Style, anchor = 'start'): string {
  const at = anchor === 'start' ? '' : ` text-anchor="${anchor}"`
  return `<text x="${x}" y="${y}" font-size="${size}" ${FACES[face]} fill="${fill}"${at}>${xml(text)}</text>`
}

/** A box with square or round corners. */
export const box = (x: number, y: number, width: number, height: number, look: string, round = 6): string =>
  `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${round}" ${look}/>`

/** A line through points: `x,y x,y …`. */
export const stroke = (points: string, colour: string, width: number): string =>
  `<polyline points="${points}" fill="none" stroke="${colour}" stroke-width="${width}"/>`
