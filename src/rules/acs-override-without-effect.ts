import { acsOverride } from '../diagnosis/acs-override.ts'
import { groupOf, naming } from '../diagnosis/devices.ts'
import { defineRule, type Evidence } from '../diagnosis/rule.ts'
import { sharing } from '../diagnosis/sharing.ts'

/** FACTS 2.2: the patch leaves alone what has an ACS capability of its own and what is not PCI Express. */
export const acsOverrideWithoutEffect = defineRule({
  id: 'acs-override-without-effect',
  title: 'The ACS override is live, and the device still shares its group',
  why: 'The override makes the kernel take ports for isolating that do not say so themselves. It leaves alone ports that have ACS of their own, even where that is switched off, and everything that is not PCI Express, such as parts of the chipset: their groups stay as they are.',
  fix: 'Put the card into another slot, best one that hangs on the processor, or enable ACS (and SR-IOV, AER) in the firmware; then take pcie_acs_override= off the kernel line again, since it gives up isolation for nothing.',
  links: [
    'https://git.proxmox.com/?p=pve-kernel.git;a=tree;f=patches/kernel;hb=HEAD',
    'https://docs.kernel.org/driver-api/vfio.html',
  ],
  needs: ['iommu-groups'],
  mutedBy: ['iommu-off-in-firmware', 'iommu-off'],
  check: (facts, target) => {
    const override = acsOverride(facts)
    if (override.state === 'absent' || override.state === 'ignored') return 'ok'
    const { devices, sharers, unknown } = sharing(facts, target)
    if (sharers.length === 0) return unknown.length > 0 ? { unknown } : 'ok'
    if (override.state === 'unknown') return { unknown: override.missing }
    const ids = [...new Set(devices.map((address) => groupOf(facts['iommu-groups'], address)?.id))]
    return {
      severity: 'warning',
      devices,
      says: `The ACS override is live, and ${devices.join(', ')} still ${devices.length > 1 ? 'share' : 'shares'} an IOMMU group with ${sharers.map((address) => naming(facts, address)).join(', ')}.`,
      evidence: [
        ...override.evidence,
        ...ids.map(
          (id): Evidence => ({
            saw: `group ${id}: ${facts['iommu-groups'].find((group) => group.id === id)?.devices.join(' ')}`,
            probe: 'iommu-groups',
          }),
        ),
      ],
      remedies: [],
    }
  },
})
