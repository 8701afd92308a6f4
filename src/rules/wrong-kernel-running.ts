import { iommuVendor } from '../diagnosis/iommu.ts'
import { howToBoot, runningKernel } from '../diagnosis/kernel-choice.ts'
import { knowsRelaxRmrr } from '../diagnosis/kernel-release.ts'
import { lackingRelaxRmrr, needsRelaxRmrr } from '../diagnosis/lacking-relax-rmrr.ts'
import { directRegions, regionsAreClear } from '../diagnosis/refusals.ts'
import { relaxingWords } from '../diagnosis/relaxed-rmrr.ts'
import { defineRule } from '../diagnosis/rule.ts'
import { newestKernel } from '../knowledge/kernel-versions.ts'

/** FACTS 2.2: `relax_rmrr` is what only some of the installed kernels may know; the patched one is often installed and not booted. */
export const wrongKernelRunning = defineRule({
  id: 'wrong-kernel-running',
  title: 'The kernel with the cure is installed, but another one runs',
  why: 'The option relax_rmrr only works on a kernel that has it. One is installed here, yet the node was booted with another, which passes over the option; installing a kernel does not make the boot loader choose it.',
  fix: 'Pin the kernel that is named with "proxmox-boot-tool kernel pin <version>" ("proxmox-boot-tool kernel list" shows them; where proxmox-boot-tool keeps the ESPs, "proxmox-boot-tool refresh" follows), reboot, and look at "uname -r".',
  links: [
    'https://pve.proxmox.com/pve-docs/chapter-sysadmin.html#sysboot_kernel_pin',
    'https://github.com/kiler129/relax-intel-rmrr/issues/14',
  ],
  needs: [],
  mutedBy: ['iommu-off-in-firmware', 'wrong-boot-file', 'cmdline-typo'],
  remedies: ['boot-kernel'],
  check: (facts, target) => {
    const vendor = iommuVendor(facts)
    if (vendor === 'amd') return 'ok'
    const lacks = lackingRelaxRmrr(facts)
    if (lacks === null) return { unknown: ['uname'] }
    if (lacks.length === 0) return 'ok'
    const needs = needsRelaxRmrr(facts, target)
    const asked = relaxingWords(facts)
    const clear = needs.length === 0 && regionsAreClear(facts, target)
    if (clear && asked.length === 0 && facts.cmdline) return 'ok'
    if (!facts.kernels) return { unknown: ['kernels'] }
    const running = runningKernel(facts)
    const capable = facts.kernels.installed.filter((release) => release !== running && knowsRelaxRmrr(release))
    const best = newestKernel(capable)
    if (best === null) return 'ok'
    if (needs.length === 0 && vendor === null) return { unknown: ['cpu'] }
    if (needs.length === 0 && asked.length === 0)
      return { unknown: facts.cmdline ? ['reserved-regions'] : ['cmdline', 'reserved-regions'] }
    const pinned = running !== null && facts.kernels.pinned === running ? ' and pinned' : ''
    const then = asked.length === 0 ? '; after that the option has to be set' : ''
    return {
      severity: clear ? 'warning' : 'blocker',
      devices: directRegions(facts, target).devices,
      says: `${running ?? 'Another kernel'} is running${pinned}, which does not know relax_rmrr, while ${best}, which does, is installed: ${howToBoot(facts, best)}${then}.`,
      evidence: [
        ...lacks,
        { saw: `installed: ${best}`, probe: 'kernels' },
        ...asked.map((saw) => ({ saw, probe: 'cmdline' as const })),
        ...needs,
      ],
      kernel: best,
      remedies: ['boot-kernel'],
    }
  },
})
