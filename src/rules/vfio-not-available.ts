import { keptFromLoading, lettingLoad } from '../diagnosis/module-config.ts'
import { defineRule, type Evidence } from '../diagnosis/rule.ts'
import { startLines } from '../diagnosis/start-failures.ts'
import type { Target } from '../diagnosis/target.ts'
import type { Facts } from '../facts/facts.ts'
import type { ProbeName } from '../facts/probes.ts'
import { vfioBuiltIn } from '../knowledge/vfio-modules.ts'

const modules = ['vfio', 'vfio_pci', 'vfio_pci_core', 'vfio_iommu_type1']
/** Messages P-SYSFS, Q-NOMODEL and Q-OPEN, and modprobe's own. Not vfio_virqfd, which newer kernels have no more. */
const missing =
  /Cannot find vfio-pci module|No available IOMMU models|open '?\/dev\/vfio\/vfio'?: No such|modprobe: \w+: (?:Module|could not insert) '?vfio(?:[-_]pci(?:[-_]core)?|[-_]iommu[-_]type1)?'?(?![\w-])/
/** No driver of a guest has the group: of itself a host driver's doing, but not where vfio-pci is not there at all. */
const noGroup = /open '?\/dev\/vfio\/\d+'?: No such/i
const rejected =
  /^(?:.*\s)?(?:vfio|vfio_pci|vfio_pci_core|vfio_iommu_type1): (?:disagrees about version of symbol|Unknown symbol|version magic)|Module vfio\w* is blacklisted/

/**
 * FACTS 2.2 and 5.4: Proxmox loads vfio-pci when a guest starts, so a module that is merely not loaded is no fault; one that
 * could not be loaded is. Found by what a start or the kernel said, or by what keeps the modules from loading.
 */
export const vfioNotAvailable = defineRule({
  id: 'vfio-not-available',
  title: 'The vfio modules cannot be loaded',
  why: 'Without vfio-pci and vfio_iommu_type1 no device can be handed to a guest. Proxmox loads them when a guest starts; that fails where the modules of the running kernel are gone, do not fit it, or are kept from loading.',
  fix: 'Run modprobe vfio-pci and modprobe vfio_iommu_type1 on the node and read what they say. If the module is not found, /lib/modules/$(uname -r) is missing or incomplete: install the package of that kernel again, or reboot into an installed one. Remove an install line for vfio under /etc/modprobe.d and module_blacklist= from the kernel line, then run update-initramfs -u -k all.',
  links: [
    'https://pve.proxmox.com/pve-docs/chapter-qm.html#qm_pci_passthrough',
    'https://docs.kernel.org/driver-api/vfio.html',
    'https://manpages.debian.org/stable/kmod/modprobe.d.5.en.html',
  ],
  remedies: ['drop-argument', 'allow-vfio'],
  needs: [],
  mutedBy: ['cmdline-typo'],
  check: (facts, target) => {
    const starts = failedStarts(facts, target)
    const log = (facts['kernel-log']?.lines ?? []).filter((line) => rejected.test(line))
    const kept = keptFromLoading(facts, modules)
    const evidence: Evidence[] = [
      ...starts.map((saw): Evidence => ({ saw, probe: 'tasks' })),
      ...log.slice(0, 8).map((saw): Evidence => ({ saw, probe: 'kernel-log' })),
      ...kept,
    ]
    const typeMissing =
      starts.some((line) => /IOMMU models/.test(line)) && facts.lsmod?.includes('vfio_iommu_type1') !== true
    const there = isThere(facts) && !typeMissing
    if (evidence.length === 0) {
      const unread = whatElse(facts, target)
      return unread.length > 0 ? { unknown: unread } : 'ok'
    }
    const line = [...starts, ...log][0]?.replace(/[.!]+$/, '')
    return {
      severity: there ? (kept.length > 0 ? 'warning' : 'notice') : 'blocker',
      devices: [],
      says: there
        ? kept.length > 0
          ? `vfio-pci is loaded now, but after the next boot it will not be: ${kept[0]?.saw}.`
          : 'vfio-pci could not be loaded at first, but is there by now; start the guest again.'
        : `vfio-pci is not there when a guest starts: ${line ?? `${kept[0]?.saw} keeps it from loading`}.`,
      evidence,
      ...lettingLoad(kept, modules),
    }
  },
})

/** Is vfio-pci seen at work: loaded, or the driver of a device (where it is built in, no module shows)? */
function isThere({ lsmod, lspci, uname }: Facts): boolean {
  if (lsmod && vfioBuiltIn(uname) === false) return lsmod.includes('vfio_pci')
  return lsmod?.includes('vfio_pci') === true || lspci?.some(({ driver }) => driver === 'vfio-pci') === true
}

/** What failed starts say. That no driver of a guest has the group only counts where vfio-pci is proven absent. */
function failedStarts(facts: Facts, target: Target | null): string[] {
  const absent = vfioBuiltIn(facts.uname) === false && facts.lsmod !== undefined && !isThere(facts)
  return linesOf(facts, target).filter((line) => missing.test(line) || (absent && noGroup.test(line)))
}

const linesOf = (facts: Facts, target: Target | null): string[] => [...new Set(startLines(facts, target))]

/** Probes that could still tell of it. */
function whatElse(facts: Facts, target: Target | null): ProbeName[] {
  const doubtful =
    facts.lsmod?.includes('vfio_pci') !== true && linesOf(facts, target).some((line) => noGroup.test(line))
  const wanted: ProbeName[] = [
    'tasks',
    'kernel-log',
    'modprobe-d',
    'cmdline',
    ...(doubtful ? (['lsmod', 'uname'] as const) : []),
  ]
  const unread = wanted.filter((name) => facts[name] === undefined)
  const cut = facts['kernel-log']?.reachesBoot === false && !isThere(facts)
  return cut ? [...unread, 'kernel-log'] : unread
}
