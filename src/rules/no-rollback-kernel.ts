import { defineRule } from '../diagnosis/rule.ts'
import { newestKernel } from '../knowledge/kernel-versions.ts'

/** Where proxmox-boot-tool keeps the ESPs only what lies there can be booted, elsewhere what lies in /boot. FACTS 9.13: kernels share their arguments. */
export const noRollbackKernel = defineRule({
  id: 'no-rollback-kernel',
  title: 'There is only one kernel to boot',
  why: 'Should the only kernel stop working after an update or a change, there is none in the boot menu to go back to. A second kernel helps against a bad kernel; against a bad argument it does not, since all of them get the same.',
  fix: 'Keep a second kernel: "apt install proxmox-kernel-<series>" for another series that this Proxmox version offers, or "proxmox-boot-tool kernel add <version>" and "proxmox-boot-tool refresh" for one that is installed but not on the ESP.',
  links: [
    'https://pve.proxmox.com/pve-docs/chapter-sysadmin.html#sysboot',
    'https://pve.proxmox.com/wiki/Proxmox_VE_Kernel',
  ],
  upkeep: true,
  needs: ['boot-tool'],
  check: (facts) => {
    const { managed, esps } = facts['boot-tool']
    const onEsps = new Set(esps.flatMap(({ loaders }) => loaders.flatMap(({ versions }) => versions)))
    const bootable = managed ? [...onEsps] : (facts.kernels?.installed ?? [])
    const probe = managed ? ('boot-tool' as const) : ('kernels' as const)
    const [only] = bootable
    if (only === undefined) return { unknown: [probe] }
    if (bootable.length > 1) return 'ok'
    const spare = managed ? newestKernel((facts.kernels?.installed ?? []).filter((release) => release !== only)) : null
    return {
      severity: 'warning',
      devices: [],
      says: `${only} is the only kernel that this node can boot${spare === null ? '' : `; ${spare} is installed and becomes bootable with "proxmox-boot-tool kernel add ${spare} && proxmox-boot-tool refresh"`}.`,
      evidence: [{ saw: managed ? `on the ESPs: ${only}` : `in /boot: ${only}`, probe }],
      remedies: [],
    }
  },
})
