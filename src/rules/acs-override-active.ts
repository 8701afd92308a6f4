import { acsOverride } from '../diagnosis/acs-override.ts'
import { defineRule } from '../diagnosis/rule.ts'

/** Message K-ACS: users read the kernel's warning as success (FACTS 9.11). */
export const acsOverrideActive = defineRule({
  id: 'acs-override-active',
  title: 'IOMMU groups are split by the ACS override',
  why: 'The kernel takes ports for isolating that do not say they are. Devices in groups of their own may still reach each other past the IOMMU, so a guest that owns one could read or write the memory behind another. The kernel’s line about it is a warning, no success.',
  fix: 'Keep it only while a device needs it, and only for guests you trust as much as the host; another slot or ACS in the firmware isolates for real. After it changed, group numbers are others: correct the PCI mappings that store one.',
  links: [
    'https://git.proxmox.com/?p=pve-kernel.git;a=tree;f=patches/kernel;hb=HEAD',
    'https://docs.kernel.org/driver-api/vfio.html',
  ],
  needs: [],
  check: (facts) => {
    const override = acsOverride(facts)
    if (override.state === 'unknown') return { unknown: override.missing }
    if (override.state !== 'live') return 'ok'
    return { severity: 'notice', devices: [], evidence: override.evidence, remedies: [] }
  },
})
