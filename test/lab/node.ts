import { boot, type LabNode } from './boot.ts'
import type { Log } from './cache.ts'
import { baseImage } from './image.ts'
import { layered, type Variant } from './layers.ts'
import type { Sabotage, Vendor } from './qemu.ts'
import { scratchOver } from './scratch.ts'

export type { LabNode }

/** Which node a journey wants. Everything has a default: BIOS, no reserved region, the kernel GRUB sorts first, `quiet`. */
export interface LabOptions extends Partial<Variant> {
  /** Whose processor and IOMMU; Intel's by default. */
  vendor?: Vendor
  /** Makes trial boots (and no others) come up without network, or not find their root. */
  sabotage?: Sabotage
  log?: Log
}

/**
 * Starts a lab node and returns when it answers SSH; its disk is thrown away when it stops.
 * The first call for a kind of node builds what it stands on.
 */
export async function startLabNode(options: LabOptions = {}): Promise<LabNode> {
  const { vendor = 'intel', sabotage, log = () => {}, ...wanted } = options
  const variant: Variant = { firmware: 'bios', rmrr: false, ...wanted }
  const image = await layered(await baseImage(log), variant, log)
  const scratch = await scratchOver(image.disk)
  try {
    const node = await boot({ ...image, disk: scratch.disk }, { firmware: variant.firmware, vendor, sabotage }, log)
    node.off.then(scratch.remove, scratch.remove)
    return node
  } catch (error) {
    await scratch.remove()
    throw error
  }
}
