import { hostDriverBound } from '../../src/rules/host-driver-bound.ts'
import { device, failed, groups, log, lspci, noIommu } from './sample.ts'
import { testRule } from './test-rule.ts'

const gpu = device('0000:01:00.0', { driver: 'vfio-pci' })
const sound = device('0000:01:00.1', { class: '0403', driver: 'snd_hda_intel' })
const bridge = device('0000:00:01.0', { class: '0604', driver: 'pcieport' })
const nvidia = device('0000:01:00.0', { driver: 'nvidia' })
const usage = 'NVRM: Attempting to remove device 0000:01:00.0 with non-zero usage count!'
const slow = "start failed: command '/usr/bin/kvm -id 100 -name vm' failed: got timeout"
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
      remedies: [],
    },
    'the driver does not let go': {
      facts: { ...lspci(nvidia), ...log(usage) },
      target: 'device:01:00.0',
      severity: 'warning',
      saw: usage,
      remedies: ['vfio-ids', 'vfio-by-address', 'keep-driver-off'],
    },
    'an older driver does not let go, and there is one card': {
      facts: { ...lspci(nvidia), ...log('NVRM: Attempting to remove minor device 0 with non-zero usage count!') },
      target: 'device:01:00.0',
      severity: 'warning',
    },
    'an older driver does not let go of some card': {
      facts: {
        ...lspci(nvidia, device('0000:02:00.0', { driver: 'nvidia' })),
        ...log('NVRM: Attempting to remove minor device 1 with non-zero usage count!'),
      },
      target: 'device:01:00.0',
      severity: 'notice',
    },
    'the driver does not let go of another card': {
      facts: { ...lspci(nvidia), ...log('NVRM: Attempting to remove device 0000:65:00.0 with non-zero usage count!') },
      target: 'device:01:00.0',
      severity: 'notice',
    },
    'the driver does not let go, and the start ran out of time': {
      facts: { ...lspci(nvidia), ...log(usage), ...failed(100, [], slow) },
      target: 'device:01:00.0',
      severity: 'blocker',
      saw: 'got timeout',
    },
    'a start ran out of time for a reason of its own': {
      facts: { ...lspci(nvidia), ...failed(100, [], slow) },
      target: 'device:01:00.0',
      severity: 'notice',
    },
    'the host itself stands on it': {
      facts: {
        ...lspci(device('0000:04:00.0', { class: '0200', driver: 'igb' })),
        'host-devices': [{ use: 'nic', name: 'vmbr0', address: '0000:04:00.0' }],
      },
      target: 'device:04:00.0',
      severity: 'warning',
      saw: 'nic vmbr0 0000:04:00.0',
      remedies: [],
    },
    'the console is on it, which Proxmox takes': {
      facts: {
        ...lspci(device('0000:01:00.0', { driver: 'nouveau' })),
        'host-devices': [{ use: 'console', name: 'boot_vga', address: '0000:01:00.0' }],
      },
      target: 'device:01:00.0',
      severity: 'notice',
    },
    'another function is why the group is not viable': {
      facts: {
        ...one,
        ...lspci(bridge, gpu, sound),
        ...failed(100, ['vfio 0000:01:00.0: group 1 is not viable']),
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
    'an older QEMU says so in another order': {
      facts: {
        ...one,
        ...lspci(bridge, gpu, sound),
        ...failed(100, ['vfio error: 0000:01:00.0: group 1 is not viable'], null),
      },
      target: 'device:01:00.0',
      severity: 'blocker',
      remedies: ['vfio-ids', 'vfio-by-address', 'keep-driver-off'],
    },
    'nothing but Proxmox binds it, and QEMU was started by something else': {
      facts: {
        ...one,
        ...lspci(bridge, { ...gpu, driver: 'nouveau' }),
        ...failed(100, ["vfio 0000:01:00.0: Could not open '/dev/vfio/1': No such file or directory"]),
      },
      target: 'device:01:00.0',
      severity: 'blocker',
    },
    'the driver could not be unbound': {
      facts: {
        ...lspci(sound),
        ...failed(100, [
          "error writing '0000:01:00.1' to '/sys/bus/pci/devices/0000:01:00.1/driver/unbind': Device or resource busy",
        ]),
      },
      target: 'device:01:00.1',
      severity: 'blocker',
    },
    'a reset that failed is none of it': {
      facts: {
        ...lspci(sound),
        ...failed(100, [
          "error writing '1' to '/sys/bus/pci/devices/0000:01:00.1/reset': Inappropriate ioctl for device",
        ]),
      },
      target: 'device:01:00.1',
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
