import type { MessageRef } from '../changes/change.ts'
import { wordsOf } from '../errors.ts'
import { pngOf } from '../topology/png.ts'
import { topologySvg } from '../topology/svg.ts'
import type { Topology } from '../topology/topology.ts'
import type { CommandContext } from './command.ts'

/**
 * Puts the picture of a topology under a message. The text stands there already, so that trouble with the picture costs
 * nothing else: it is logged, and the answer is what went wrong in words.
 */
export async function attachPicture(
  message: MessageRef,
  topology: Topology,
  { attach, log }: Pick<CommandContext, 'attach' | 'log'>,
): Promise<string | undefined> {
  try {
    const content = await pngOf(topologySvg(topology))
    const name = `topology-${(topology.node ?? 'node').replaceAll(/[^\w.-]+/g, '-')}.png`
    await attach(message, { name, type: 'image/png', content })
    return undefined
  } catch (error) {
    log.error({ err: error, node: topology.node }, 'the picture of the topology could not be attached')
    return wordsOf(error)
  }
}

/** Does a picture say more than the findings? Where a blocker or a warning names devices that are in groups. */
export const worthAPicture = ({ troubles, roots, iommu }: Topology): boolean =>
  roots.length > 0 &&
  iommu !== 'off' &&
  troubles.some(({ severity, devices }) => severity !== 'notice' && devices.length > 0)
