import { withListValue } from '../bootconfig/kernel-line.ts'
import type { Remedy } from '../changes/remedy.ts'

/** Switches the IOMMU on where the kernel leaves it off: `intel_iommu=on iommu=pt`, and the off switches away (FACTS 2.1, 2.2). */
export const kernelArguments: Remedy = {
  id: 'kernel-arguments',
  title: 'Switch the IOMMU on',
  wish: ({ cmdline, cpu, 'grub-syntax': syntax }) => {
    if (!cmdline || !cpu) return { refused: 'the kernel line or the processor could not be read' }
    const words = [...cmdline.words, ...valuesOf(syntax)]
    const off = words.filter((word) => /^iommu=(off|soft|nopt)$|^amd_iommu=off$/.test(word))
    const intel = cpu.vendor === 'intel' ? withListValue(words, 'intel_iommu', ['on']) : { add: [], remove: [] }
    const pt = cpu.vendor === 'intel' && !words.includes('iommu=pt') ? ['iommu=pt'] : []
    return {
      title: 'Switch the IOMMU on',
      args: { add: [...intel.add, ...pt], remove: [...new Set([...intel.remove, ...off])] },
      risk: 1,
      risks: [
        'Guests with onboot that failed to start until now may start after this boot, and take the devices they are given.',
        'On some old boards (HP Gen8/Gen9, Dell R610, R330, R420) disks or NICs vanish once the IOMMU is on; the trial shows it.',
      ],
    }
  },
  uncured: ({ 'iommu-units': units, 'iommu-groups': groups }) => {
    if (!units || !groups) return ['whether the IOMMU is on could not be read']
    return units.length > 0 && groups.length > 0 ? [] : ['the kernel still runs without an IOMMU']
  },
}

const valuesOf = (syntax: { values: Record<string, string> } | undefined): string[] =>
  ['GRUB_CMDLINE_LINUX', 'GRUB_CMDLINE_LINUX_DEFAULT'].flatMap((key) =>
    (syntax?.values[key] ?? '').split(/\s+/).filter(Boolean),
  )
