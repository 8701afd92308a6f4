import { defineRule } from '../diagnosis/rule.ts'

/** What is copied into the initramfs, unlike /etc/modules. */
const copied = /^\/etc\/(modprobe\.d|initramfs-tools)\//

/** FACTS 7: what stands in modprobe.d holds for the drivers of the initramfs only once that was built anew. */
export const initramfsStale = defineRule({
  id: 'initramfs-stale',
  title: 'The initramfs is older than the files it is built from',
  why: 'Drivers that load early read modprobe.d from the copy in the initramfs. Changes made since it was built, such as ids for vfio-pci or a blacklist, do not reach them at the next boot.',
  fix: 'Run update-initramfs -u -k all, and reboot when the node may go down. Where proxmox-boot-tool keeps the boot partitions, that also refreshes them.',
  links: [
    'https://pve.proxmox.com/pve-docs/chapter-qm.html#qm_pci_passthrough',
    'https://manpages.debian.org/stable/initramfs-tools/update-initramfs.8.en.html',
  ],
  remedies: ['rebuild-initramfs'],
  needs: ['initramfs'],
  check: ({ initramfs: { image, newestSource, newestPath } }) => {
    if (image === null || newestSource === null) return { unknown: ['initramfs'] }
    if (newestSource <= image) return 'ok'
    const name = newestPath ?? 'a file under /etc/modprobe.d'
    const counts = newestPath === null || copied.test(newestPath)
    return {
      severity: counts ? 'warning' : 'notice',
      devices: [],
      says: counts
        ? `${name} was changed after the initramfs of the running kernel was built, so drivers that load early do not know of it.`
        : `${name} was changed after the initramfs of the running kernel was built; whether the initramfs lacks anything else cannot be told.`,
      evidence: [
        {
          saw: `${newestPath ?? 'newest source'}: changed ${later(newestSource - image)} after the initramfs`,
          probe: 'initramfs',
        },
      ],
      remedies: counts ? ['rebuild-initramfs'] : [],
    }
  },
})

/** A span of time in words, from seconds. */
function later(seconds: number): string {
  if (seconds < 120) return `${seconds} seconds`
  if (seconds < 2 * 3600) return `${Math.floor(seconds / 60)} minutes`
  return seconds < 2 * 86400 ? `${Math.floor(seconds / 3600)} hours` : `${Math.floor(seconds / 86400)} days`
}
