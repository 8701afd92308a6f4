import type { Remedy } from '../changes/remedy.ts'

const OPTED_OUT = /x2apic is disabled because BIOS sets x2apic opt out bit/

/**
 * Where firmware opted out of x2APIC: overrides that. Where remapping is proven absent and the kernel refused an attach for it:
 * allows unsafe interrupts, as a plan of risk 2 (FACTS 2.2).
 */
export const interruptRemapping: Remedy = {
  id: 'interrupt-remapping',
  title: 'Get past missing interrupt remapping',
  wish: ({ 'kernel-log': log, cmdline }) => {
    if (!log || !cmdline) return { refused: 'the kernel log or the kernel line could not be read' }
    if (log.lines.some((line) => OPTED_OUT.test(line))) {
      return {
        title: 'Override the firmware that opted out of x2APIC',
        args: { add: ['intremap=no_x2apic_optout'], remove: cmdline.words.filter((word) => word === 'intremap=off') },
        risk: 1,
        risks: ['Firmware that opted out may have had its reasons; the trial shows whether the node runs well.'],
      }
    }
    return {
      title: 'Allow passthrough without interrupt remapping',
      args: { add: ['vfio_iommu_type1.allow_unsafe_interrupts=1'], remove: [] },
      risk: 2,
      risks: [
        'A guest that owns a device can then inject interrupts into the host: only for guests you trust as much as the host.',
        'Switching x2APIC or interrupt remapping on in the firmware is the real cure.',
      ],
    }
  },
  uncured: ({ 'kernel-log': log, cmdline }) => {
    if (!log || !cmdline) return ['the kernel log or the kernel line could not be read']
    const unsafe = cmdline.words.includes('vfio_iommu_type1.allow_unsafe_interrupts=1')
    const remapped = log.lines.some((line) =>
      /DMAR-IR: Enabled IRQ remapping|AMD-Vi: Interrupt remapping enabled/.test(line),
    )
    return unsafe || remapped ? [] : ['interrupt remapping is still not on']
  },
}
