import { describe, expect, test } from 'vitest'
import { grubForecast } from '../../src/boot/grub-forecast.ts'
import type { Facts } from '../../src/facts/facts.ts'
import { defaultGrub } from '../rules/sample.ts'

const esp = (device: string, uuid: string, mountedAt: string | null = null) => ({ device, uuid, fs: 'vfat', mountedAt })
const theirs = [esp('/dev/zd0p1', 'GUEST-1'), esp('/dev/sda1', 'GUEST-2'), esp('/dev/mapper/vm-1', 'GUEST-3')]

/** A node that GRUB boots from a logical volume on these disks, and the ESPs that `lsblk` lists there. */
function trialOn(esps: readonly ReturnType<typeof esp>[], bootDisks: readonly string[] | null) {
  const line = 'root=/dev/mapper/pve-root ro quiet'
  const facts = {
    ...defaultGrub('quiet', []),
    cmdline: { line, words: line.split(' ') },
    'grub-cfg': [
      { title: 'x', id: 'x', image: '/boot/vmlinuz-6.8.12-4-pve', words: line.split(' '), recovery: false, path: 'x' },
    ],
    'grub-env': {
      variables: {},
      bootDisks,
      bootStack: 'lvm',
      bootFs: 'ext4',
      bootWritable: true,
      customSourced: true,
      tools: ['grub-editenv', 'grub-script-check'],
    },
    'boot-loader': { esps },
    clock: { rtc: '2026-11-29 12:00:00' },
  } as unknown as Facts
  const forecast = grubForecast(facts, { args: { add: ['intel_iommu=on'], remove: [] } })
  return 'trial' in forecast ? forecast.trial : forecast
}

describe('the ESP whose flag GRUB spends is the node’s own', () => {
  test.each([
    [
      'one on the disk it boots from, whatever comes before',
      [...theirs, esp('/dev/nvme0n1p2', 'OWN')],
      ['nvme0n1'],
      'OWN',
    ],
    ['the one that is mounted as Debian does', [...theirs, esp('/dev/sdb2', 'OWN', '/boot/efi')], null, 'OWN'],
    ['one of a mirror', [esp('/dev/sdb2', 'ONE'), esp('/dev/sdc2', 'TWO')], ['sdb', 'sdc'], 'ONE'],
    ['where the disks are not known, never a volume', [theirs[0], theirs[2], esp('/dev/sda2', 'OWN')], null, 'OWN'],
  ])('%s', (_, esps, disks, uuid) => {
    expect(trialOn(esps as never, disks)).toEqual({ kind: 'flag', on: 'esp', uuid })
  })

  test.each([
    ['only guests have some', theirs, ['nvme0n1']],
    ['a disk whose name begins alike is another one', [esp('/dev/sdaa1', 'GUEST')], ['sda']],
    ['one that a guest’s disk has mounted elsewhere', [esp('/dev/sda1', 'GUEST', '/mnt/guest')], ['nvme0n1']],
  ])('and none is taken where %s', (_, esps, disks) => {
    expect(trialOn(esps, disks)).toEqual({ kind: 'window' })
  })
})
