import { said } from '../diagnosis/iommu.ts'
import { boardName, whereInSetup } from '../diagnosis/platform.ts'
import { defineRule, type Evidence, type Finding } from '../diagnosis/rule.ts'
import { startLines } from '../diagnosis/start-failures.ts'

/** Of VMX and SVM alone: "SGX disabled by BIOS" is no trouble. */
const byFirmware = /\b(kvm\w*|VMX|SVM)\b.*\b(disabled|not enabled)\b.*\bby BIOS\b/i

/** Newer kernels take the flag away when firmware has it off; older ones keep it, and then kvm does not load. Message P-KVM. */
export const cpuVirtualizationOff = defineRule({
  id: 'cpu-virtualization-off',
  title: 'Hardware virtualization is off',
  why: 'Virtual machines need the virtualization of the processor (VT-x on Intel, AMD-V alias SVM on AMD). Without it KVM does not work, and Proxmox refuses to start them with "KVM virtualisation configured, but not available".',
  fix: 'Enter the firmware setup and enable "Intel Virtualization Technology" (VT-x, VMX) or "SVM Mode" (AMD-V), and VT-d or IOMMU along with it; then power the node off and on. Where the node is itself a virtual machine, give it the processor type "host" on its own host.',
  links: [
    'https://pve.proxmox.com/pve-docs/chapter-pve-faq.html',
    'https://pve.proxmox.com/wiki/Nested_Virtualization',
  ],
  needs: [],
  check: (facts, target) => {
    const refused = startLines(facts, target)
      .filter((line) => /KVM virtualisation configured, but not available/.test(line))
      .map((saw): Evidence => ({ saw, probe: 'tasks' }))
    const loaded = (facts.lsmod ?? []).some((name) => /^kvm_(intel|amd)$/.test(name))
    const off = loaded ? [] : said(facts, byFirmware)
    const board = boardName(facts)
    if (off.length > 0)
      return found(
        'blocker',
        [...off, ...refused],
        `Hardware virtualization is switched off in the firmware${board && ` of this ${board}`}${whereInSetup(facts, 'virtualization')}.`,
      )
    const flags = facts.cpu?.flags
    if (!flags) return { unknown: ['cpu'] }
    if (flags.includes('vmx') || flags.includes('svm'))
      return loaded || facts['kernel-log']?.reachesBoot ? 'ok' : { unknown: ['lsmod', 'kernel-log'] }
    const evidence: Evidence[] = [{ saw: 'neither vmx nor svm among the processor flags', probe: 'cpu' }, ...refused]
    return flags.includes('hypervisor')
      ? found(
          refused.length > 0 ? 'blocker' : 'notice',
          evidence,
          'This node is itself a virtual machine and gets no hardware virtualization from its host.',
        )
      : found(
          'blocker',
          evidence,
          `The processor offers no hardware virtualization: it is switched off in the firmware${board && ` of this ${board}`}, or missing${whereInSetup(facts, 'virtualization')}.`,
        )
  },
})

const found = (severity: Finding['severity'], evidence: readonly Evidence[], says: string): Finding => ({
  severity,
  devices: [],
  evidence,
  says,
  remedies: [],
})
