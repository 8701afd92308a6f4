import { iommuActive, said } from '../diagnosis/iommu.ts'
import { asksForPassthroughMode } from '../diagnosis/kernel-line.ts'
import { defineRule } from '../diagnosis/rule.ts'
import { toHave } from '../diagnosis/suggestion.ts'

/** FACTS 2.2: iommu=pt concerns the host's own devices and their speed; VFIO does not need it. */
export const passthroughModeOff = defineRule({
  id: 'passthrough-mode-off',
  title: 'The IOMMU also translates for the host itself',
  why: 'Without iommu=pt the devices that the host keeps go through the IOMMU too, which costs some speed on fast network cards and disks. Guests get their devices either way.',
  fix: 'Add iommu=pt when the kernel line is edited for another reason; alone it is not worth a reboot.',
  links: [
    'https://pve.proxmox.com/pve-docs/chapter-qm.html#qm_pci_passthrough',
    'https://docs.kernel.org/admin-guide/kernel-parameters.html',
  ],
  remedies: ['passthrough-mode'],
  needs: ['cmdline'],
  mutedBy: ['iommu-off-in-firmware', 'iommu-off'],
  check: (facts) => {
    if (asksForPassthroughMode(facts.cmdline.words)) return 'ok'
    const active = iommuActive(facts)
    if (active === null) return { unknown: ['iommu-units', 'iommu-groups'] }
    if (!active || said(facts, /iommu: Default domain type: Passthrough/).length > 0) return 'ok'
    return {
      severity: 'notice',
      devices: [],
      evidence: [{ saw: facts.cmdline.line, probe: 'cmdline' }],
      remedies: ['passthrough-mode'],
      suggests: toHave(
        facts.cmdline.words,
        ['iommu=pt'],
        facts.cmdline.words.filter((word) => /^iommu=nopt$|^iommu\.passthrough=/.test(word)),
      ),
    }
  },
})
