import type { Facts } from '../../src/facts/facts.ts'
import { mediatedDeviceRefused } from '../../src/rules/mediated-device-refused.ts'
import { conf } from './guest-text.ts'
import { device, failed, line, log, lspci } from './sample.ts'
import { testRule } from './test-rule.ts'

const uuid = '00000000-0000-0000-0000-000000000101'
const onUuid = `kvm: -device vfio-pci,sysfsdev=/sys/bus/mdev/devices/${uuid},id=hostpci0,bus=pci.0,addr=0x10`
const verify = 'Verify all devices in group 106 are bound to vfio-<bus> or pci-stub and not already in use'
const seen: Facts = { tasks: [], ...log('Linux version 6.8') }
const guest = conf({ 101: { hostpci0: '0000:01:00.0,mdev=nvidia-63' } })
const parent = (driver: string | null) => lspci(device('0000:01:00.0', { driver }))
const ids: Facts = { 'modprobe-d': [{ path: '/etc/modprobe.d/vfio.conf', line: 'options vfio-pci ids=10de:2504' }] }
const blocks = (lines: string[], error?: string) => ({ facts: failed(101, lines, error), severity: 'blocker' as const })

testRule(mediatedDeviceRefused, {
  ok: {
    'nobody is given one': { facts: { ...seen, ...conf({ 101: { hostpci0: '01:00' } }) } },
    'the card has its own driver': { facts: { ...seen, ...guest, ...parent('nvidia') } },
    'the card went over as a whole before, to another guest': {
      facts: {
        ...seen,
        ...line('quiet'),
        'modprobe-d': [],
        ...parent('vfio-pci'),
        ...conf({ 101: { hostpci0: '01:00.0,mdev=nvidia-63' }, 102: { hostpci0: '01:00' } }),
      },
    },
    'a device of its own was refused, none of a card': {
      facts: {
        ...seen,
        ...guest,
        ...parent('nvidia'),
        ...failed(101, ['kvm: vfio 0000:01:00.0: error getting device from group 16: Permission denied']),
      },
    },
    'symbols of another driver say nothing of it': {
      facts: { ...seen, ...guest, ...parent('i915'), ...log('kvmgt: Unknown symbol i915_gem_object_alloc (err -22)') },
    },
  },
  found: {
    'the manager refused it': {
      facts: {
        ...guest,
        ...parent('nvidia'),
        ...failed(101, [`${onUuid}: vfio ${uuid}: error getting device from group 106: Input/output error`, verify]),
      },
      severity: 'blocker',
      devices: ['0000:01:00.0'],
      saw: 'Input/output error',
      says: /Guest 101 did not start because .*journalctl -b -u nvidia-vgpu-mgr/,
    },
    'in the older order of words': blocks([
      `qemu-kvm: -device vfio-pci,id=hostdev0: vfio error: ${uuid}: error getting device from group 14: Input/output error`,
    ]),
    'it was never made': blocks([`${onUuid}: vfio ${uuid}: no such host device: No such file or directory`]),
    'Proxmox could make none': {
      ...blocks(
        ["pci device '0000:01:00.0' has no available instances of 'nvidia-63'"],
        'could not create mediated device',
      ),
      saw: 'no available instances',
    },
    'the card makes none': blocks(
      ["pci device '0000:01:00.0' does not support mediated devices "],
      'could not create mediated device',
    ),
    'the type is gone': blocks(["pci device '0000:01:00.0' has no type 'nvidia-63'"]),
    'by the newer interface of NVIDIA': blocks([], "no nvidia sysfs api for '0000:01:00.4'"),
    'a type that is not available': blocks([], "vgpu type '660' not available for '0000:01:00.4'"),
    'of several functions': {
      ...blocks([], 'cannot use mediated device with multifunction device'),
      says: /name one function/,
    },
    'only the kernel says so': {
      facts: log(`[nvidia-vgpu-vfio] ${uuid}: start failed. status: 0x1 Timeout Occured`),
      severity: 'blocker',
    },
    'the kernel said so, and no start has failed for it': {
      facts: { ...log(`[nvidia-vgpu-vfio] ${uuid}: start failed. status: 0x1`), tasks: [] },
      severity: 'notice',
    },
    'its ids gave the card to vfio-pci': {
      facts: { ...guest, ...ids, ...parent('vfio-pci') },
      severity: 'blocker',
      devices: ['0000:01:00.0'],
      saw: 'options vfio-pci ids=10de:2504',
    },
    'its ids did, though another guest is given it as a whole': {
      facts: {
        ...ids,
        ...parent('vfio-pci'),
        ...conf({ 101: { hostpci0: '01:00.0,mdev=nvidia-63' }, 102: { hostpci0: '01:00' } }),
      },
      severity: 'blocker',
    },
    'nobody knows why vfio-pci has the card': {
      facts: { ...guest, ...parent('vfio-pci') },
      severity: 'blocker',
      saw: 'driver in use: vfio-pci',
    },
    'the card of a mapping': {
      facts: {
        ...parent('vfio-pci'),
        mappings: [
          { name: 'vgpu', entries: [{ node: 'node1', id: '10de:2504', paths: ['0000:01:00.0'], iommuGroup: 1 }] },
        ],
        ...conf({ 101: { hostpci0: 'mapping=vgpu,mdev=nvidia-63' } }),
      },
      devices: ['0000:01:00.0'],
    },
  },
  unknown: {
    'the driver of the card was not read': { facts: { ...seen, ...guest } },
    'the mapping was not read': { facts: { ...seen, ...conf({ 101: { hostpci0: 'mapping=vgpu,mdev=nvidia-63' } }) } },
    'no task was read': { facts: { ...guest, ...parent('nvidia'), ...log('x') } },
    'no kernel log was read': { facts: { ...guest, ...parent('nvidia'), tasks: [] } },
    'where ids may stand was not read': {
      facts: {
        ...seen,
        ...parent('vfio-pci'),
        ...conf({ 101: { hostpci0: '01:00.0,mdev=nvidia-63' }, 102: { hostpci0: '01:00' } }),
      },
    },
  },
})
