import type { Facts } from '../../src/facts/facts.ts'
import { vfioNotAvailable } from '../../src/rules/vfio-not-available.ts'
import { device, failed, guest, guests, line, log, lspci, modprobeD, wholeLog } from './sample.ts'
import { testRule } from './test-rule.ts'

const lsmod = (...names: string[]): Facts => ({ lsmod: names })
const loaded = lsmod('vfio_pci', 'vfio_pci_core', 'vfio_iommu_type1', 'vfio')
const read: Facts = {
  tasks: [],
  ...wholeLog('VFIO - User Level meta-driver version: 0.3'),
  ...modprobeD(),
  ...line('ro'),
}
const release: Facts = { uname: '6.8.12-4-pve' }
const start = (text: string): Facts => failed(100, [text])
const noGroup = start(
  'kvm: -device vfio-pci,host=0000:01:00.0: vfio 0000:01:00.0: failed to open /dev/vfio/1: No such file or directory',
)

testRule(vfioNotAvailable, {
  ok: {
    'loaded, and nothing failed': { facts: { ...read, ...loaded } },
    'not loaded yet: Proxmox does that when a guest starts': { facts: { ...read, ...release, ...lsmod('kvm') } },
    'built in, so that no module shows': {
      facts: { ...read, ...lsmod('kvm'), ...lspci(device('0000:01:00.0', { driver: 'vfio-pci' })) },
    },
    'vfio_virqfd is gone, which is harmless': {
      facts: {
        ...read,
        ...loaded,
        ...start('modprobe: FATAL: Module vfio_virqfd not found in directory /lib/modules/6.8.12-4-pve'),
      },
    },
    'a plain blacklist does not stop a load by name': {
      facts: { ...read, ...loaded, ...modprobeD('blacklist vfio-pci') },
    },
    'an install line that loads it in another way': {
      facts: { ...read, ...loaded, ...modprobeD('install vfio-pci /sbin/modprobe --ignore-install vfio-pci') },
    },
    'the log has wrapped, but it is loaded': { facts: { ...read, ...log('x'), ...loaded } },
    'no driver has the group, and vfio-pci is built in': {
      facts: { ...read, uname: '5.15.0-122-generic', ...lsmod('kvm'), ...noGroup },
    },
    'no driver has the group, and vfio-pci is there': { facts: { ...read, ...release, ...loaded, ...noGroup } },
    'another module does not fit the kernel': {
      facts: { ...read, ...wholeLog('kvmgt: Unknown symbol i915_gem_object_alloc (err -22)'), ...loaded },
    },
  },
  found: {
    'Proxmox did not find the module': {
      facts: failed(100, [], 'Cannot find vfio-pci module!'),
      severity: 'blocker',
      saw: 'Cannot find vfio-pci module!',
      says: /Cannot find vfio-pci module\.$/,
      remedies: [],
    },
    'the modules of the running kernel are gone': {
      facts: start('modprobe: FATAL: Module vfio-pci not found in directory /lib/modules/6.8.12-1-pve'),
      severity: 'blocker',
    },
    'the kernel does not take the module': {
      facts: start("modprobe: ERROR: could not insert 'vfio_iommu_type1': Key was rejected by service"),
      severity: 'blocker',
    },
    'vfio_iommu_type1 is missing': {
      facts: {
        ...start('kvm: vfio 0000:01:00.0: failed to setup container for group 13: No available IOMMU models'),
        ...lsmod('vfio_pci', 'vfio'),
      },
      severity: 'blocker',
    },
    'there is no vfio at all': {
      facts: start("kvm: vfio 0000:01:00.0: Could not open '/dev/vfio/vfio': No such file or directory"),
      severity: 'blocker',
    },
    'no driver has the group because vfio-pci is not there': {
      facts: { ...release, ...lsmod('kvm'), ...noGroup },
      severity: 'blocker',
      saw: '/dev/vfio/1',
    },
    'the module does not fit the kernel': {
      facts: log('vfio_pci: disagrees about version of symbol vfio_pci_core_register_device'),
      severity: 'blocker',
    },
    'the kernel line forbids it': {
      facts: { ...line('ro module_blacklist=nouveau,vfio-pci'), ...lsmod('kvm') },
      severity: 'blocker',
      saw: 'module_blacklist=nouveau,vfio-pci',
      remedies: ['drop-argument'],
    },
    'modprobe.d makes loading it do nothing': {
      facts: { ...modprobeD('install vfio-pci /bin/false'), ...lsmod('kvm') },
      severity: 'blocker',
      saw: '/etc/modprobe.d/vfio.conf: install vfio-pci /bin/false',
      remedies: ['allow-vfio'],
    },
    'the same, while it is loaded: it bites at the next boot': {
      facts: { ...modprobeD('install vfio_pci /usr/bin/true # hardening'), ...loaded },
      severity: 'warning',
      says: /after the next boot/,
    },
    'it is there by now': {
      facts: { ...failed(100, [], 'Cannot find vfio-pci module!'), ...loaded },
      severity: 'notice',
      says: /start the guest again/,
    },
  },
  unknown: {
    'the starts were not read': { facts: { ...read, tasks: undefined, ...loaded } as Facts },
    'the log has wrapped, and it is not loaded': { facts: { ...read, ...log('x'), ...lsmod('kvm') } },
    'no driver has the group, and the kernel that decides is not known': {
      facts: { ...read, ...lsmod('kvm'), ...lspci(device('0000:01:00.0', { driver: 'vfio-pci' })), ...noGroup },
    },
    'no driver has the group, and whether vfio-pci is there is not known': { facts: { ...read, ...noGroup } },
    'a guest that runs by now did start, and no more is known': {
      facts: {
        ...failed(100, [], 'Cannot find vfio-pci module!'),
        ...guests(guest(100, ['0000:01:00'])),
        running: [{ kind: 'qemu', id: 100 }],
      },
    },
  },
})
