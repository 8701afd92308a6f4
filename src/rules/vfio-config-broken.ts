import { defineRule } from '../diagnosis/rule.ts'
import { idsInFiles, modprobeFaults, moduleListFaults } from '../diagnosis/vfio-config-faults.ts'
import type { ProbeName } from '../facts/probes.ts'

/** FACTS 2.2; what libkmod reads and what it passes over. Proxmox binds devices by itself, so this alone stops no guest. */
export const vfioConfigBroken = defineRule({
  id: 'vfio-config-broken',
  title: 'The module configuration for vfio does not do what it says',
  why: 'Lines that modprobe does not understand it passes over, almost without a word, and of several ids= lists it gives vfio-pci only the last. What was meant to be bound at boot then stays with its host driver.',
  fix: 'Correct the line that is shown: all ids in one line, as options vfio-pci ids=10de:1b80,10de:10f0, one module in each blacklist line, only names of modules in /etc/modules. Then run update-initramfs -u -k all.',
  links: [
    'https://manpages.debian.org/stable/kmod/modprobe.d.5.en.html',
    'https://manpages.debian.org/stable/systemd/modules-load.d.5.en.html',
    'https://pve.proxmox.com/pve-docs/chapter-qm.html#qm_pci_passthrough',
  ],
  needs: [],
  check: (facts) => {
    const { faults: listed, unknown } = moduleListFaults(facts)
    const faults = [...modprobeFaults(facts), ...listed]
    const worst = faults.find(({ severity }) => severity === 'warning') ?? faults[0]
    if (worst) {
      const more = faults.length > 1 ? ` ${faults.length - 1} more below.` : ''
      return {
        severity: worst.severity,
        devices: [],
        says: `${worst.says}${more}`,
        evidence: faults.map(({ evidence }) => evidence),
        remedies: [],
      }
    }
    const missing: ProbeName[] = (['modprobe-d', 'modules'] as const).filter((name) => !facts[name])
    if (unknown) missing.push('uname')
    if (idsInFiles(facts) && !facts.cmdline) missing.push('cmdline')
    return missing.length > 0 ? { unknown: missing } : 'ok'
  },
})
