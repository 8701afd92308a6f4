import { defineRule } from '../diagnosis/rule.ts'
import { regressionsOf } from '../knowledge/kernel-regressions.ts'
import { compareKernels, newestKernel } from '../knowledge/kernel-versions.ts'

/** What stands behind the numbers of a release: `-pve`, or `-pve-relaxablermrr` of a kernel that somebody chose for its patch. */
const flavourOf = (release: string): string => /-pve.*$/.exec(release)?.[0] ?? ''

/** Pinning away from a kernel with a known fault, or to a kernel of another make, is no oversight. */
export const forgottenPin = defineRule({
  id: 'forgotten-pin',
  title: 'The node is pinned to an older kernel',
  why: 'A pinned kernel boots whatever newer ones are installed, so fixes that updates bring never run. A pin is meant to last only as long as its reason.',
  fix: 'Once the reason for the pin is gone, type "proxmox-boot-tool kernel unpin" (and "proxmox-boot-tool refresh" where proxmox-boot-tool keeps the ESPs), and reboot into the newest kernel at a time that suits.',
  links: ['https://pve.proxmox.com/pve-docs/chapter-sysadmin.html#sysboot_kernel_pin'],
  remedies: ['unpin-kernel'],
  needs: ['kernels'],
  check: ({ kernels }) => {
    const { pinned, installed } = kernels
    if (pinned === null) return 'ok'
    if (installed.length === 0) return { unknown: ['kernels'] }
    const newest = newestKernel(
      installed.filter((release) => flavourOf(release) === flavourOf(pinned) && regressionsOf(release).length === 0),
    )
    if (newest === null || compareKernels(newest, pinned) <= 0) return 'ok'
    return {
      severity: 'notice',
      devices: [],
      says: `The node is pinned to ${pinned} although ${newest} is installed; "proxmox-boot-tool kernel unpin" takes the pin back.`,
      evidence: [
        { saw: `pinned: ${pinned}`, probe: 'kernels' },
        { saw: `installed: ${newest}`, probe: 'kernels' },
      ],
      kernel: newest,
      remedies: ['unpin-kernel'],
    }
  },
})
