import { amdUnityMapBlocksDevice } from '../../src/rules/amd-unity-map-blocks-device.ts'
import { amd, groups, intel, log, regions } from './sample.ts'
import { testRule } from './test-rule.ts'

const refused =
  'vfio-pci 0000:01:00.0: Firmware has requested this device have a 1:1 IOMMU mapping, rejecting configuring the device without a 1:1 mapping. Contact your platform vendor.'
const one = groups({ 3: ['0000:01:00.0'] })

testRule(amdUnityMapBlocksDevice, {
  ok: {
    'on Intel the same words mean an RMRR': { facts: { ...intel, ...log(refused) } },
    'no direct region in the group': {
      facts: { ...amd, ...one, ...regions([3, 'msi'], [3, 'reserved']) },
      target: 'device:01:00.0',
    },
  },
  found: {
    'the kernel refused the device': {
      facts: { ...amd, ...log(refused) },
      target: 'device:01:00.0',
      severity: 'blocker',
      devices: ['0000:01:00.0'],
      remedies: [],
    },
    'a direct region on a kernel that minds it': {
      facts: { ...amd, ...one, ...regions([3, 'direct']), uname: '6.8.12-4-pve' },
      target: 'device:01:00.0',
      severity: 'blocker',
    },
    'the same before 6.6 only warns of the upgrade': {
      facts: { ...amd, ...one, ...regions([3, 'direct']), uname: '6.5.13-5-pve' },
      target: 'device:01:00.0',
      severity: 'warning',
    },
  },
  unknown: {
    'the processor is not known': { facts: log(refused) },
    'the regions were not read': { facts: { ...amd, ...one }, target: 'device:01:00.0' },
    'a direct region, on a kernel nobody knows': {
      facts: { ...amd, ...one, ...regions([3, 'direct']) },
      target: 'device:01:00.0',
    },
  },
})
