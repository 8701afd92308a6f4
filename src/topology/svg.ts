import { COLOURS } from './badges.ts'
import { chosen, rowsOf } from './chosen.ts'
import { groupMarks, type Placed } from './group-marks.ts'
import { footPart, headPart, rootPart, titleOf, troubleParts } from './svg-around.ts'
import { type Part, xml } from './svg-parts.ts'
import { GAP, MEASURES, rowPart } from './svg-row.ts'
import type { Topology } from './topology.ts'
import { saysGroups } from './words.ts'

/**
 * The topology as a picture of 1000 pixels in width with so many devices at most: trouble first, then the tree. What does not
 * fit is left out, the least telling first, and counted. Pure; every text is escaped.
 */
export function topologySvg(topology: Topology, most = 40): string {
  const some = chosen(topology, ({ roots }) => roots.flatMap(({ branches }) => rowsOf(branches)).length <= most)
  const drawn: string[] = []
  let y: number = MEASURES.margin
  const add = ({ svg, height }: Part): Omit<Placed, 'device'> => {
    const top = y
    drawn.push(svg)
    y += height
    return { top, bottom: y - GAP }
  }
  add(headPart(topology, y))
  for (const part of troubleParts(topology)) add(part(y))
  const placed = some.roots.map((root) => {
    add(rootPart(root, topology, y))
    return rowsOf(root.branches).map((row) => ({ device: row.device, ...add(rowPart(row, topology, y)) }))
  })
  if (saysGroups(topology)) drawn.push(groupMarks(placed))
  add(footPart(topology, some, y))
  const size = `width="${MEASURES.width}" height="${y + MEASURES.margin}"`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} viewBox="0 0 ${MEASURES.width} ${y + MEASURES.margin}">`,
    `<title>${xml(titleOf(topology))}</title>`,
    `<rect ${size} fill="${COLOURS.white}"/>`,
    ...drawn.filter((part) => part !== ''),
    '</svg>\n',
  ].join('\n')
}
