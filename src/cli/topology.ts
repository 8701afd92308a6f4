import { writeFile } from 'node:fs/promises'
import { topologyCard } from '../cards/topology-card.ts'
import { OperatorError, wordsOf } from '../errors.ts'
import { pngOf } from '../topology/png.ts'
import { topologySvg } from '../topology/svg.ts'
import type { Topology } from '../topology/topology.ts'
import { printCard } from './print.ts'

/** Where the picture of a topology goes; nowhere when neither is given. */
export interface Pictures {
  readonly png?: string
  readonly svg?: string
}

/** Prints a topology as text. */
export const printTopology = (topology: Topology, colour: boolean): void =>
  printCard(topologyCard(topology), topology.node ?? 'topology', process.stdout, colour)

/** Writes the picture into the files that are asked for. */
export async function drawTopology(topology: Topology, { png, svg }: Pictures): Promise<void> {
  if (png === undefined && svg === undefined) return
  const picture = topologySvg(topology)
  if (svg !== undefined) await write(svg, picture)
  if (png !== undefined) await write(png, await drawn(picture))
}

const drawn = (picture: string): Promise<Uint8Array> =>
  pngOf(picture).catch((error: unknown) => {
    throw new OperatorError('usage', `no PNG can be drawn on this machine: ${wordsOf(error)}`, {
      hint: 'use --svg: a browser shows it',
      cause: error,
    })
  })

const write = (file: string, content: string | Uint8Array): Promise<void> =>
  writeFile(file, content).catch((error: unknown) => {
    throw new OperatorError('usage', `the picture could not be written: ${wordsOf(error)}`, { cause: error })
  })
