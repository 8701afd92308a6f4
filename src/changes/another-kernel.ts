import { pinnedForNextBoot } from '../boot/next-pin.ts'
import type { ArgumentsChange } from '../bootconfig/kernel-line.ts'
import type { Refusal } from '../errors.ts'
import type { Facts } from '../facts/facts.ts'

/** The pin that stands, the kernel that boots with it, and the one to come. Releases; `pinned` is empty where none is. */
export interface KernelsNow {
  readonly pinned: string
  readonly boots: string
}

export const NO_ARGUMENTS: ArgumentsChange = { add: [], remove: [] }

/** Which kernel the node boots now, and by which pin; refused where another one cannot be chosen by `proxmox-boot-tool`. */
export function kernelsNow(
  { kernels, uname, 'grub-env': env }: Facts,
  wanted: string | undefined,
): KernelsNow | Refusal {
  if (wanted === undefined || !kernels || uname === undefined || !env)
    return { refused: 'which kernels are installed, or what chooses among them, could not be read' }
  if (!kernels.installed.includes(wanted)) return { refused: `kernel ${wanted} is not installed` }
  if (kernels.nextBoot !== null) return pinnedForNextBoot(kernels.nextBoot)
  if (!env.tools.includes('proxmox-boot-tool'))
    return {
      refused: 'the node lacks proxmox-boot-tool, which pins a kernel',
      hint: `set GRUB_DEFAULT in /etc/default/grub to the entry of ${wanted} by hand`,
    }
  return { pinned: kernels.pinned ?? '', boots: kernels.default ?? uname }
}
