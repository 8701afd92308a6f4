import { iommuActive, iommuOffEvidence, iommuOffered, iommuVendor } from '../diagnosis/iommu.ts'
import { intelSwitch, offSwitches } from '../diagnosis/kernel-line.ts'
import { intelDefaultOn } from '../diagnosis/kernel-release.ts'
import { defineRule, type Evidence } from '../diagnosis/rule.ts'
import type { Facts } from '../facts/facts.ts'

/** FACTS 2.1: active means that /sys/class/iommu has entries; no argument and no log line proves it either way. */
export const iommuOff = defineRule({
  id: 'iommu-off',
  title: 'The kernel runs without an IOMMU',
  why: 'A guest can only be given a device when an IOMMU keeps its memory access apart from the host. The firmware offers one, but this kernel leaves it off: it was not asked for, or it was switched off by an argument.',
  fix: 'Add intel_iommu=on (Intel, kernels before 6.8) or remove the argument that switches it off, regenerate the boot configuration and reboot.',
  links: [
    'https://pve.proxmox.com/pve-docs/chapter-qm.html#qm_pci_passthrough',
    'https://docs.kernel.org/admin-guide/kernel-parameters.html',
  ],
  remedies: ['kernel-arguments'],
  needs: [],
  mutedBy: ['iommu-off-in-firmware', 'wrong-boot-file', 'boot-config-not-generated', 'reboot-pending', 'cmdline-typo'],
  matters: true,
  clear: 'the kernel runs the IOMMU',
  check: (facts) => {
    const active = iommuActive(facts)
    if (active === null) return { unknown: ['iommu-units', 'iommu-groups'] }
    if (active) return 'ok'
    const words = facts.cmdline?.words ?? []
    const off = offSwitches(words)
    const offered = iommuOffered(facts)
    const reason = reasonOf(facts, off)
    if (offered === null && reason === null) return { unknown: ['firmware'] }
    const byDefault =
      facts.uname !== undefined && iommuVendor(facts) === 'intel' && intelDefaultOn(facts.uname) === true
    const asked = facts.cmdline !== undefined && off.length === 0 && (byDefault || intelSwitch(words) === 'on')
    return {
      severity: 'blocker',
      devices: [],
      says: `The kernel runs without an IOMMU, so no device can be given to a guest${reason ? `: ${reason.why}` : ''}.`,
      evidence: [...iommuOffEvidence(facts), ...(offered ? [offered] : []), ...(reason ? [reason.evidence] : [])],
      remedies: asked || offered === false ? [] : ['kernel-arguments'],
    }
  },
})

/** What on the kernel's side leaves it off: an off switch, or an Intel kernel that has to be asked. */
function reasonOf(facts: Facts, off: readonly string[]): { why: string; evidence: Evidence } | null {
  if (off.length > 0)
    return { why: `"${off.join(' ')}" switches it off`, evidence: { saw: off.join(' '), probe: 'cmdline' } }
  const { cmdline, uname } = facts
  if (!cmdline || uname === undefined || iommuVendor(facts) !== 'intel') return null
  if (intelDefaultOn(uname) !== false || intelSwitch(cmdline.words) === 'on') return null
  return {
    why: `${uname} leaves it off unless "intel_iommu=on" is given`,
    evidence: { saw: cmdline.line, probe: 'cmdline' },
  }
}
