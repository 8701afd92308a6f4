import { deviceGoneDead } from '../../src/rules/device-gone-dead.ts'
import { device, failed, guest, guests, log, lspci, modprobeD, wholeLog } from './sample.ts'
import { caps, iomem, link, neverTurns, shown, sysfs } from './sample-hardware.ts'
import { type Shown, testRule } from './test-rule.ts'

const gpu = '0000:01:00.0'
const target = 'device:01:00.0'
const alive = device(gpu, { revision: 'a1' })
/** Everything that could show a dead device, and none of it does. */
const rest = {
  ...lspci(alive, device('0000:01:00.1', { class: '0403', revision: 'a1' })),
  ...wholeLog('vfio-pci 0000:01:00.0: resetting', 'vfio-pci 0000:01:00.0: reset done'),
  ...caps(link(gpu, '16GT/s', 16)),
  tasks: [],
}
const well = { ...rest, ...sysfs(shown(gpu), shown('0000:01:00.1')) }
const assertion =
  "kvm: ../hw/pci/pci.c:1815: pci_irq_handler: Assertion '0 <= irq_num && irq_num < PCI_NUM_PINS' failed."

const ok: Record<string, Shown> = {
  'nothing speaks against it': { facts: well, target },
  'an idle card rests without power': { facts: { ...well, ...sysfs(shown(gpu, { powerState: 'D3cold' })) }, target },
  'a refusal to go to sleep': {
    facts: { ...well, ...wholeLog('vfio-pci 0000:01:00.0: Refused to change power state, currently in D0') },
    target,
  },
  'a refusal to go to sleep, newer': {
    facts: { ...well, ...wholeLog('snd_hda_intel 0000:01:00.1: Refused to change power state from D0 to D3hot') },
    target,
  },
  'a reset that takes its time': {
    facts: { ...well, ...wholeLog('vfio-pci 0000:01:00.0: not ready 1023ms after FLR; waiting') },
    target,
  },
  'another card is gone': {
    facts: {
      ...well,
      ...wholeLog('nvme 0000:02:00.0: Unable to change power state from D3cold to D0, device inaccessible'),
    },
    target,
  },
  'an empty slot has no link': {
    facts: { ...well, ...wholeLog('pcieport 0000:00:1d.0: Data Link Layer Link Active not set in 100 msec') },
    target,
  },
  'a virtual function has no link of its own': {
    facts: {
      ...well,
      ...caps(link(gpu, 'unknown', 0)),
      ...sysfs(shown(gpu, { physfn: '0000:01:00.7' }), shown('0000:01:00.1')),
    },
    target,
  },
  'a part of the chipset has none either': {
    facts: {
      ...well,
      ...lspci(device('0000:00:1f.3', { class: '0403', revision: '10' })),
      ...caps(link('0000:00:1f.3', 'unknown', 0)),
      ...sysfs(shown('0000:00:1f.3')),
    },
    target: 'device:00:1f.3',
  },
}

const found: Record<string, Shown> = {
  'refused power state': {
    facts: log('vfio-pci 0000:01:00.0: Unable to change power state from D3cold to D0, device inaccessible'),
    target,
    severity: 'blocker',
    devices: [gpu],
    says: /disable_idle_d3=1.*off the power/,
    remedies: [],
  },
  'the same on 5.15': {
    facts: log("vfio-pci 0000:01:00.0: can't change power state from D3cold to D0 (config space inaccessible)"),
    target,
    severity: 'blocker',
  },
  'the same before that': {
    facts: log('vfio-pci 0000:01:00.0: Refused to change power state, currently in D3'),
    target,
    severity: 'blocker',
  },
  'gave up after a reset': {
    facts: log('vfio-pci 0000:01:00.0: not ready 65535ms after FLR; giving up'),
    target,
    severity: 'blocker',
    says: /0000:01:00\.0\/reset_method/,
  },
  'gave up after a bus reset, said of the sound function': {
    facts: log('vfio-pci 0000:01:00.1: not ready 65535ms after bus reset; giving up'),
    target,
    severity: 'blocker',
    devices: ['0000:01:00.1'],
  },
  'fell off the bus, with the address lines above': {
    facts: log(
      'NVRM: The NVIDIA GPU 0000:01:00.0',
      'NVRM: (PCI ID: 10de:26b5) installed in this system has',
      'NVRM: fallen off the bus and is not responding to commands.',
    ),
    target,
    severity: 'blocker',
    devices: [gpu],
    says: /fallen off the bus.*cable/,
  },
  'fell off the bus, as an Xid': {
    facts: { ...lspci(device(gpu)), ...log('NVRM: Xid (PCI:0000:01:00): 79, pid=6755, GPU has fallen off the bus.') },
    target,
    devices: [gpu],
  },
  'header type 127': {
    facts: failed(100, ["internal error: Unknown PCI header type '127' for device '0000:01:00.0'"], null),
    target,
    severity: 'blocker',
    devices: [gpu],
    saw: "'127'",
  },
  'header type 7f': {
    facts: lspci(device(gpu, { revision: 'ff', headerType: '7f' })),
    target,
    severity: 'blocker',
    saw: 'Unknown header type 7f',
  },
  'nothing but ones': { facts: lspci(device(gpu, { revision: 'ff' })), target, severity: 'blocker', saw: '(rev ff)' },
  'the link reads as ones': { facts: caps(link(gpu, 'unknown', 63)), target, severity: 'blocker', saw: 'Width x63' },
  'link width x0': { facts: { ...caps(link(gpu, '2.5GT/s', 0)), ...sysfs(shown(gpu)) }, target, severity: 'blocker' },
  'QEMU could not wake it': {
    facts: { ...failed(101, ['kvm: vfio: Unable to power on device, stuck in D3']), ...guests(guest(101, [gpu])) },
    target: 'vm:101',
    severity: 'blocker',
    devices: [gpu],
  },
  "QEMU's assertion, older quotes": {
    facts: {
      ...failed(101, [
        "kvm: ../hw/pci/pci.c:1633: pci_irq_handler: Assertion `0 <= irq_num && irq_num < PCI_NUM_PINS' failed.",
      ]),
      ...guests(guest(101, [gpu])),
    },
    target: 'vm:101',
    severity: 'blocker',
    devices: [gpu],
  },
  'of several cards, the one that the task names': {
    facts: {
      ...failed(101, [
        "error writing '1' to '/sys/bus/pci/devices/0000:02:00.0/reset': Inappropriate ioctl for device",
        assertion,
      ]),
      ...guests(guest(101, [gpu, '0000:02:00.0'])),
    },
    severity: 'blocker',
    devices: ['0000:02:00.0'],
  },
  'what helps depends on what is set already': {
    facts: { ...failed(101, [assertion]), ...modprobeD('options vfio-pci disable_idle_d3=1') },
    target,
    says: /is set already/,
  },
  'without power, and its port has no link': {
    facts: {
      ...sysfs(shown(gpu, { powerState: 'D3cold' })),
      ...log('pcieport 0000:00:01.0: Data Link Layer Link Active not set in 100 msec'),
      'pci-paths': [{ address: gpu, parent: '0000:00:01.0' }],
    },
    target,
    severity: 'blocker',
    devices: [gpu],
  },
  'without power, and the kernel could not hand it over': {
    facts: {
      ...sysfs(shown(gpu, { powerState: 'D3cold' })),
      ...failed(101, ['kvm: vfio 0000:01:00.0: error getting device from group 13: No such device']),
    },
    target,
    severity: 'blocker',
    devices: [gpu],
  },
  'it answers again with revision 00, which lspci leaves out': {
    facts: {
      ...well,
      ...lspci(device('0000:00:00.0', { class: '0600' }), device(gpu), device('0000:01:00.1', { class: '0403' })),
      ...wholeLog('vfio-pci 0000:01:00.0: not ready 65535ms after FLR; giving up'),
    },
    target,
    severity: 'warning',
  },
  'it answers again, and no start failed over it': {
    facts: { ...well, ...wholeLog('vfio-pci 0000:01:00.0: not ready 65535ms after FLR; giving up') },
    target,
    severity: 'warning',
    says: /answers again now/,
  },
  'the reset is the fault': {
    facts: { ...failed(103, [assertion]), ...log("vfio-pci 0000:01:00.0: Unsupported reset method 'device_specific'") },
    target,
    severity: 'warning',
  },
  'of all guests': {
    facts: {
      ...guests(guest(101, ['0000:01:00'])),
      ...lspci(device(gpu, { revision: 'ff' }), device('0000:09:00.0', { revision: 'ff' })),
    },
    devices: [gpu],
  },
}

testRule(deviceGoneDead, {
  ok,
  found,
  unknown: {
    'the log alone does not say': { facts: log('vfio-pci 0000:01:00.0: resetting'), target },
    'who is a virtual function is not known': {
      facts: { ...rest, ...caps(link(gpu, 'unknown', 0)) },
      target,
    },
    'what the guests get was not read': { facts: { ...well, ...iomem() } },
  },
})
neverTurns(deviceGoneDead, ok, found)
