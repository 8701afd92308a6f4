import { said } from '../diagnosis/iommu.ts'
import { keyOf, tokensOf } from '../diagnosis/kernel-line.ts'
import { defineRule } from '../diagnosis/rule.ts'

/** FACTS 2.2: `on` is no value of amd_iommu, and each vendor's key is nothing to the other. */
export const vendorArgumentMismatch = defineRule({
  id: 'vendor-argument-mismatch',
  title: 'An argument for the other vendor, or without a meaning, is on the kernel line',
  why: 'The intel_iommu options do nothing on AMD, the amd_iommu options nothing on Intel, and amd_iommu knows no "on": the AMD IOMMU is on by default. What the kernel prints about them is an echo, not a fault.',
  fix: 'Drop the argument when the line is edited for another reason; alone it is not worth a reboot.',
  links: [
    'https://docs.kernel.org/admin-guide/kernel-parameters.html',
    'https://pve.proxmox.com/pve-docs/chapter-qm.html#qm_pci_passthrough',
  ],
  remedies: ['drop-argument'],
  needs: ['cpu'],
  check: ({ cpu, ...facts }) => {
    if (cpu.vendor === 'other') return { unknown: ['cpu'] }
    const other = cpu.vendor === 'amd' ? 'intel_iommu' : 'amd_iommu'
    const words = (facts.cmdline?.words ?? []).filter(
      (word) =>
        keyOf(word) === other ||
        (keyOf(word) === 'amd_iommu' && tokensOf([word], 'amd_iommu').every((token) => token === 'on')),
    )
    const echoes =
      cpu.vendor === 'amd' ? said(facts, /AMD-Vi: Unknown option - 'on'|DMAR: IOMMU enabled|DMAR: Unknown option/) : []
    const evidence = [...words.map((saw) => ({ saw, probe: 'cmdline' as const })), ...echoes]
    if (evidence.length === 0) return facts.cmdline ? 'ok' : { unknown: ['cmdline'] }
    return {
      severity: 'notice',
      devices: [],
      says: `${words.length > 0 ? `"${words.join(' ')}"` : 'An argument of the kernel line'} means nothing on this ${cpu.vendor === 'amd' ? 'AMD' : 'Intel'} host, and does no harm.`,
      evidence,
      remedies: words.length > 0 ? ['drop-argument'] : [],
      ...(words.length > 0 && { suggests: { add: [], remove: words } }),
    }
  },
})
