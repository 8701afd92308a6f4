import { hostDriverBound } from '../../src/rules/host-driver-bound.ts'
import { device, failed, groups, lspci, noIommu } from './sample.ts'
import { testRule } from './test-rule.ts'

const gpu = device('0000:01:00.0', { driver: 'vfio-pci' })
const sound = device('0000:01:00.1', { class: '0403', driver: 'snd_hda_intel' })
const bridge = device('0000:00:01.0', { class: '0604', driver: 'pcieport' })
const one = groups({ 1: ['0000:00:01.0', '0000:01:00.0', '0000:01:00.1'] })

testRule(hostDriverBound, {
  ok: {
    'vfio-pci has it': { facts: { ...one, ...lspci(bridge, gpu) }, target: 'device:01:00.0' },
    'no driver has it, and no IOMMU runs': {
      facts: { ...noIommu, ...lspci(device('0000:01:00.0')) },
      target: 'device:01:00.0',
    },
    'the driver of a bridge does not count': {
      facts: { ...groups({ 1: ['0000:00:01.0', '0000:01:00.0'] }), ...lspci(bridge, gpu) },
      target: 'device:01:00.0',
    },
  },
  found: {
    'a host driver has it, which Proxmox changes at the start': {
      facts: lspci(device('0000:01:00.0', { driver: 'nouveau' })),
      target: 'device:01:00.0',
      severity: 'notice',
      devices: ['0000:01:00.0'],
    },
    'another function is why the group is not viable': {
      facts: {
        ...one,
        ...lspci(bridge, gpu, sound),
        ...failed(100, ['vfio error: 0000:01:00.0: group 1 is not viable'], null),
      },
      target: 'device:01:00.0',
      severity: 'blocker',
      devices: ['0000:01:00.1'],
      saw: 'snd_hda_intel',
    },
    'another group is not viable': {
      facts: { ...one, ...lspci(gpu, sound), ...failed(100, ['vfio 0000:01:00.0: group 9 is not viable']) },
      target: 'device:01:00.0',
      severity: 'notice',
    },
    'Proxmox could not bind it': {
      facts: { ...lspci(sound), ...failed(100, [], 'Cannot bind 0000:01:00.1 to vfio') },
      target: 'device:01:00.1',
      severity: 'blocker',
    },
  },
  unknown: {
    'who else is in the group was not read': { facts: lspci(gpu), target: 'device:01:00.0' },
    'lspci does not show the target': { facts: { ...one, ...lspci(gpu) }, target: 'device:02:00.0' },
    'what the guests get was not read': { facts: { ...one, ...lspci(gpu) } },
  },
})
