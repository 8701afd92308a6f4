import { iommuActive, iommuOffEvidence } from '../diagnosis/iommu.ts'
import { boardName, risksOfPlatform } from '../diagnosis/platform.ts'
import { defineRule } from '../diagnosis/rule.ts'

/** FACTS 2.1 and 9.17. Once the IOMMU runs, the question is settled. */
export const platformEnablingIommuIsRisky = defineRule({
  id: 'platform-enabling-iommu-is-risky',
  title: 'This board is known for trouble once the IOMMU is on',
  why: 'The firmware of some old boards describes memory wrongly, so that their own disks or network cards no longer work, or the boot hangs, as soon as the IOMMU is switched on. Kernels from 6.8 on switch it on without being asked.',
  fix: 'Update the firmware of the board first. Have a console at hand (iLO, iDRAC, IPMI) and try the IOMMU for one boot only; should disks or network cards be missing then, "intel_iommu=off" on the kernel line brings them back.',
  links: [
    'https://pve.proxmox.com/wiki/Roadmap',
    'https://docs.oracle.com/cd/F10276_01/5/relnotes5.2/uek5.2-IOMMUkerneloptionenabledbydefault.html',
  ],
  needs: ['firmware'],
  check: (facts) => {
    const risks = risksOfPlatform(facts)
    if (risks.length === 0)
      return facts.firmware.sysVendor === null || facts.firmware.product === null ? { unknown: ['firmware'] } : 'ok'
    const active = iommuActive(facts)
    if (active === null) return { unknown: ['iommu-units', 'iommu-groups'] }
    if (active) return 'ok'
    return {
      severity: 'warning',
      devices: [],
      says: risks.join(' '),
      evidence: [{ saw: boardName(facts), probe: 'firmware' }, ...iommuOffEvidence(facts)],
      remedies: [],
    }
  },
})
