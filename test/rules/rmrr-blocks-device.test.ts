import { rmrrBlocksDevice } from '../../src/rules/rmrr-blocks-device.ts'
import { amd, failed, groups, guest, guests, intel, log, noIommu, regions } from './sample.ts'
import { testRule } from './test-rule.ts'

const older =
  'vfio-pci 0000:07:00.0: DMAR: Device is ineligible for IOMMU domain attach due to platform RMRR requirement.  Contact your platform vendor.'
const newer =
  'vfio-pci 0000:04:00.0: Firmware has requested this device have a 1:1 IOMMU mapping, rejecting configuring the device without a 1:1 mapping. Contact your platform vendor.'
const two = groups({ 4: ['0000:04:00.0', '0000:04:00.1'], 5: ['0000:05:00.0'] })

testRule(rmrrBlocksDevice, {
  ok: {
    'the group has no direct region': {
      facts: { ...intel, ...two, ...regions([5, 'msi'], [4, 'direct']) },
      target: 'device:05:00.0',
    },
    'relaxable regions block nothing': {
      facts: { ...intel, ...two, ...regions([4, 'direct-relaxable'], [4, 'msi']) },
      target: 'device:04:00.0',
    },
    'no guest is given a device': { facts: { ...intel, ...two, ...regions([4, 'direct']), ...guests(guest(1, [])) } },
    'on AMD the same words mean something else': { facts: { ...amd, ...log(newer) } },
  },
  found: {
    'a direct region in the group of the target': {
      facts: {
        ...intel,
        ...two,
        ...regions([4, 'direct'], [4, 'msi']),
        ...guests(guest(101, ['0000:04:00'])),
        uname: '6.8.12-4-pve',
      },
      target: 'vm:101',
      severity: 'blocker',
      devices: ['0000:04:00.0', '0000:04:00.1'],
      saw: 'group 4: 0x79174000 0x79176fff direct',
      remedies: ['relax-rmrr'],
    },
    'the older wording of the refusal': {
      facts: { ...intel, ...log(older) },
      severity: 'blocker',
      devices: ['0000:07:00.0'],
    },
    'the older wording is Intel by itself': { facts: log(older) },
    'the wording since 6.6, on a kernel without the option': {
      facts: { ...intel, ...log(newer), uname: '6.8.0-31-generic' },
      devices: ['0000:04:00.0'],
      remedies: [],
    },
    'the refused device is a sibling of the target': {
      facts: { ...intel, ...two, ...log(newer) },
      target: 'device:04:00.1',
    },
  },
  unknown: {
    'the wording since 6.6 on a processor nobody knows': { facts: log(newer) },
    'another device was refused': { facts: { ...intel, ...two, ...log(newer) }, target: 'device:05:00.0' },
    'RMRR lines of the log name no device': {
      facts: { ...intel, ...log('DMAR: RMRR base: 0x000000bdf83000 end: 0x000000bdf84fff') },
    },
    "QEMU's EPERM has other causes too": {
      facts: {
        ...intel,
        ...failed(1, [
          'vfio 0000:04:00.0: failed to setup container for group 4: Failed to set iommu for container: Operation not permitted',
        ]),
      },
    },
    'the regions of the group were not shown': {
      facts: { ...intel, ...two, ...regions([4, 'msi']) },
      target: 'device:05:00.0',
    },
    'without an IOMMU nothing shows': {
      facts: { ...intel, ...noIommu, 'reserved-regions': [] },
      target: 'device:04:00.0',
    },
    'a guest that is not there': {
      facts: { ...intel, ...two, ...regions([4, 'msi']), ...guests(guest(1, [])) },
      target: 'vm:99',
    },
  },
})
