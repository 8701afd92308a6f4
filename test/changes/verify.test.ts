import { describe, expect, test } from 'vitest'
import { fileEdit } from '../../src/boot/file-edit.ts'
import { notBack, worse } from '../../src/changes/verify.ts'
import type { Facts } from '../../src/facts/facts.ts'
import { aChange, aPlan, before } from './a-change.ts'

const words = ['root=/dev/sda1', 'ro', 'quiet', 'intel_iommu=on', 'lanekeeper.trial=c1', 'panic=30']
const device = {
  address: '0000:00:00.0',
  resetMethods: null,
  bootVga: null,
  d3coldAllowed: null,
  powerState: null,
  numaNode: null,
  driverOverride: null,
  sriovVfs: null,
  physfn: null,
}
const well: Facts = {
  cmdline: { line: words.join(' '), words },
  health: before.health,
  running: [],
  uname: '6.5.13-5-pve',
  'pci-sysfs': [device],
}
const health = (change: Partial<typeof before.health>): Facts => ({ ...well, health: { ...before.health, ...change } })

test('a NIC that the plan takes from its driver is not missed', () => {
  const plan = aPlan({ devices: ['0000:05:00.0'] })
  const bare = { ...before, health: { ...before.health, bridges: [] } }
  expect(worse(aChange('verifying', { plan, before: bare }), health({ nics: [], bridges: [] }))).toEqual([])
})

test('a boot file that somebody edited meanwhile: the running line tells where there was a reboot, else it is told', () => {
  const edit = fileEdit('/etc/default/grub', 'old', 'new')
  const told = (reboot: boolean) =>
    notBack(aChange('going-back', { plan: aPlan({ reboot, edits: [edit] }) }), ['ro', 'quiet'], [edit.path])
  expect(told(true)).toEqual([])
  expect(told(false)).toEqual([expect.stringContaining('/etc/default/grub was edited by somebody else meanwhile')])
})

test('a node as before, with the intended arguments, is not worse', () => {
  expect(worse(aChange('verifying'), well)).toEqual([])
})

describe('worse is', () => {
  test.each<[string, Facts, RegExp]>([
    [
      'an argument that is not live',
      { ...well, cmdline: { line: 'quiet', words: ['quiet'] } },
      /intel_iommu=on is not on/,
    ],
    ['a NIC that is gone', health({ nics: [] }), /NIC eno1 is gone/],
    [
      'a NIC with another name',
      health({ nics: [{ name: 'eno9', mac: '52:54:00:00:00:01', state: 'up', address: null }] }),
      /eno1 is called eno9/,
    ],
    [
      'a NIC that is down',
      health({ nics: [{ name: 'eno1', mac: '52:54:00:00:00:01', state: 'down', address: null }] }),
      /was up and is down/,
    ],
    ['a bridge that is gone', health({ bridges: [] }), /bridge vmbr0 is gone/],
    ['a bridge without its port', health({ bridges: [{ name: 'vmbr0', ports: [] }] }), /lost its port eno1/],
    ['a file system that is not mounted', health({ mounts: [] }), /\/ is not mounted/],
    [
      'a file system that is read-only',
      health({ mounts: [{ target: '/', fs: 'ext4', readOnly: true }] }),
      /\/ is mounted read-only/,
    ],
    ['a boot that has not finished', health({ system: 'starting' }), /boot has not finished/],
    ['a unit that has failed', health({ failedUnits: ['zfs-import.service'] }), /unit zfs-import.service has failed/],
    ['a DMA fault', health({ dmaFaults: 3 }), /3 DMA faults/],
    ['a device that is gone', { ...well, 'pci-sysfs': [] }, /PCI device 0000:00:00.0 is gone/],
    ['another kernel', { ...well, uname: '6.8.12-4-pve' }, /kernel 6.8.12-4-pve runs/],
    ['not being able to look', { cmdline: { line: words.join(' '), words }, running: [] }, /could not read/],
  ])('%s', (_, facts, says) => {
    expect(worse(aChange('verifying'), facts).join('; ')).toMatch(says)
  })

  test('a guest with onboot that was running and is not back, and no other', () => {
    const change = aChange('verifying', {
      before: { ...before, running: ['qemu 101', 'qemu 102'], onboot: ['qemu 101', 'qemu 103'] },
    } as never)
    expect(worse(change, well)).toEqual(['guest qemu 101 was running and is not back'])
  })

  test('an argument that should be gone', () => {
    const change = aChange('verifying')
    const plan = { ...change.plan, args: { add: [], remove: ['iommu=off'] } }
    const facts = { ...well, cmdline: { line: '', words: [...words, 'iommu=off'] } }
    expect(worse({ ...change, plan }, facts)).toEqual(['iommu=off still is on the running kernel line'])
  })

  test('not the failed unit, the downed NIC or the fault that was there before', () => {
    const was = {
      ...before.health,
      failedUnits: ['x.service'],
      dmaFaults: 2,
      nics: [{ name: 'eno2', mac: 'b', state: 'down', address: null }],
    }
    const change = aChange('verifying', { before: { ...before, health: was } } as never)
    expect(worse(change, { ...well, health: was })).toEqual([])
  })
})
