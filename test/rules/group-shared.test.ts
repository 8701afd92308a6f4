import { groupShared } from '../../src/rules/group-shared.ts'
import { device, failed, groups, guest, guests, lspci } from './sample.ts'
import { testRule } from './test-rule.ts'

const bridge = device('0000:00:01.0', { class: '0604', driver: 'pcieport' })
const gpu = device('0000:01:00.0')
const sound = device('0000:01:00.1', { class: '0403' })
const disk = device('0000:02:00.0', { class: '0108' })
const all = lspci(bridge, gpu, sound, disk)
const alone = groups({ 1: ['0000:00:01.0', '0000:01:00.0', '0000:01:00.1'] })
const shared = groups({ 1: ['0000:00:01.0', '0000:01:00.0', '0000:02:00.0'] })

testRule(groupShared, {
  ok: {
    'bridges and functions of the same card do not count': { facts: { ...alone, ...all }, target: 'device:01:00.0' },
    'alone in the group, and lspci was not needed': {
      facts: groups({ 1: ['0000:01:00.0'] }),
      target: 'device:01:00.0',
    },
    'the same guest gets the other one as well': {
      facts: { ...shared, ...all, ...guests(guest(101, ['0000:01:00.0', '0000:02:00.0'])) },
      target: 'device:01:00.0',
    },
  },
  found: {
    'a disk in the group': {
      facts: { ...shared, ...all },
      target: 'device:01:00.0',
      severity: 'warning',
      devices: ['0000:01:00.0'],
      saw: 'group 1:',
      remedies: ['acs-override'],
    },
    'and QEMU found the group not viable': {
      facts: { ...shared, ...all, ...failed(101, ['kvm: vfio 0000:01:00.0: group 1 is not viable']) },
      target: 'device:01:00.0',
      severity: 'blocker',
      saw: 'not viable',
    },
    'functions of a chipset slot are devices of their own': {
      facts: {
        ...groups({ 5: ['0000:00:14.0', '0000:00:14.2'] }),
        ...lspci(device('0000:00:14.0'), device('0000:00:14.2', { class: '0500' })),
      },
      target: 'device:00:14.0',
    },
    'two guests, one group': {
      facts: { ...shared, ...all, ...guests(guest(101, ['0000:01:00.0']), guest(102, ['0000:02:00.0'])) },
      target: 'vm:101',
    },
  },
  unknown: {
    'nobody knows whether the other one is a bridge': { facts: shared, target: 'device:01:00.0' },
    'the target is in no group that was seen': { facts: { ...alone, ...all }, target: 'device:09:00.0' },
    'what the guests get was not read': { facts: { ...alone, ...all } },
  },
})
