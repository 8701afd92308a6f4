import { expect, test } from 'vitest'
import { defaultEntryOf, entryWords, trialEntry } from '../../src/bootconfig/loader-entry.ts'
import { isRefusal } from '../../src/errors.ts'

const ENTRY = `title    Proxmox Virtual Environment
version  6.8.12-4-pve
options   root=ZFS=rpool/ROOT/pve-1 boot=zfs quiet
linux    /EFI/proxmox/6.8.12-4-pve/vmlinuz-6.8.12-4-pve
initrd   /EFI/proxmox/6.8.12-4-pve/initrd.img-6.8.12-4-pve
`

test('the entry of a trial boots the same kernel with other words, the marker and a panic that reboots', () => {
  const trial = trialEntry(`${ENTRY}sort-key a\noptions debug\n`, ['root=x', 'intel_iommu=on'], 'c4k2p9')
  if (isRefusal(trial)) throw new Error(trial.refused)
  expect(trial).toBe(`# Trial c4k2p9 of lanekeeper. Safe to remove.
title Lanekeeper trial c4k2p9
version 6.8.12-4-pve
linux /EFI/proxmox/6.8.12-4-pve/vmlinuz-6.8.12-4-pve
initrd /EFI/proxmox/6.8.12-4-pve/initrd.img-6.8.12-4-pve
options root=x intel_iommu=on lanekeeper.trial=c4k2p9 panic=30
`)
  expect(entryWords(trial)).toEqual(['root=x', 'intel_iommu=on', 'lanekeeper.trial=c4k2p9', 'panic=30'])
})

test.each(['', ENTRY.replace('linux ', 'efi '), ENTRY.replace(/initrd.*\n/, ''), `${ENTRY}linux /other\n`])(
  'no trial of an entry that is not one kernel with its initramfs',
  (text) => expect(trialEntry(text, ['root=x'], 'c1')).toHaveProperty('refused'),
)

test.each([
  ['timeout 3\ndefault proxmox-*\n', 'proxmox-*'],
  ['default  a.conf\r\n# default b.conf\ndefault proxmox-6.8.12-4-pve.conf\r\n', 'proxmox-6.8.12-4-pve.conf'],
  ['timeout 3\n', null],
  ['default\n', null],
])('what loader.conf names as the default', (text, name) => expect(defaultEntryOf(text)).toBe(name))
