import { iommuActive, iommuOffEvidence, iommuOffered, said } from '../diagnosis/iommu.ts'
import { boardName, whereInSetup } from '../diagnosis/platform.ts'
import { defineRule } from '../diagnosis/rule.ts'

export const iommuOffInFirmware = defineRule({
  id: 'iommu-off-in-firmware',
  title: 'The IOMMU is switched off in the firmware',
  why: 'The firmware does not hand the kernel the table (DMAR on Intel, IVRS on AMD) that describes the IOMMU, so no kernel argument can switch it on. The log line "DMAR: IOMMU enabled" only echoes the argument.',
  fix: 'Enter the firmware setup and enable VT-d (Intel) or AMD-Vi, often called "IOMMU"; a firmware update or a reset of its settings may have switched it off.',
  links: ['https://pve.proxmox.com/wiki/PCI_Passthrough', 'https://docs.kernel.org/arch/x86/iommu.html'],
  needs: [],
  clear: 'the firmware offers an IOMMU',
  check: (facts) => {
    const active = iommuActive(facts)
    const offered = iommuOffered(facts)
    if (active || offered) return 'ok'
    if (active === null)
      return { unknown: facts.firmware ? ['iommu-units', 'iommu-groups'] : ['iommu-units', 'iommu-groups', 'firmware'] }
    if (offered === null) return { unknown: ['firmware'] }
    const board = boardName(facts)
    return {
      severity: 'blocker',
      devices: [],
      says: `The IOMMU (VT-d or AMD-Vi) is switched off in the firmware${board ? ` of this ${board}` : ''}, and no kernel argument can change that${whereInSetup(facts, 'iommu')}.`,
      evidence: [
        {
          saw: `neither DMAR nor IVRS among the ACPI tables: ${(facts.firmware?.acpiTables ?? []).join(' ')}`,
          probe: 'firmware',
        },
        ...iommuOffEvidence(facts),
        ...said(facts, /DMAR: IOMMU enabled/),
      ],
      remedies: [],
    }
  },
})
