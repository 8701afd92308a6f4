import { noReset } from '../../src/rules/no-reset.ts'
import { device, failed, guest, guests, log, lspci } from './sample.ts'
import { neverTurns, shown, sysfs } from './sample-hardware.ts'
import { type Shown, testRule } from './test-rule.ts'

const gpu = '0000:01:00.0'
const sound = '0000:01:00.1'
const target = 'device:01:00.0'
const card = lspci(device(gpu), device(sound, { class: '0403' }), device('0000:00:1f.3', { class: '0403' }))
const calm = { tasks: [], ...log('vfio-pci 0000:01:00.0: reset done') }
const complaint = (address: string, why = 'no available reset mechanism.') =>
  failed(101, [`kvm: vfio: Cannot reset device ${address}, ${why}`])
const assertion =
  "kvm: ../hw/pci/pci.c:1487: pci_irq_handler: Assertion `0 <= irq_num && irq_num < PCI_NUM_PINS' failed."

const ok: Record<string, Shown> = {
  'a bus reset is a reset': { facts: { ...card, ...calm, ...sysfs(shown(gpu, { resetMethods: ['bus'] })) }, target },
  'a function without a reset that is no graphics card': {
    facts: { ...card, ...calm, ...sysfs(shown(sound, { resetMethods: [] })) },
    target: 'device:01:00.1',
  },
  'QEMU complains about the chipset': {
    facts: { ...card, ...log('x'), ...complaint('0000:00:1f.3') },
    target: 'device:00:1f.3',
  },
  'Proxmox went on': {
    facts: {
      ...card,
      ...log('x'),
      ...sysfs(shown(gpu)),
      ...failed(101, [
        "failed to reset PCI device '0000:01:00.0', but trying to continue as not all devices need a reset",
      ]),
    },
    target,
  },
}

const found: Record<string, Shown> = {
  'reset_method is empty': {
    facts: { ...card, ...sysfs(shown(gpu, { resetMethods: [] })) },
    target,
    severity: 'warning',
    devices: [gpu],
    saw: 'reset_method is empty',
    remedies: [],
  },
  'of the cards of all guests': {
    facts: { ...card, ...sysfs(shown(gpu, { resetMethods: [] }), shown(sound)), ...guests(guest(101, ['0000:01:00'])) },
    devices: [gpu],
  },
  'QEMU cannot reset it': {
    facts: { ...card, ...complaint(gpu) },
    target,
    severity: 'warning',
    saw: 'Cannot reset device',
  },
  'QEMU cannot reset the bus without another group': {
    facts: { ...card, ...complaint(gpu, 'depends on group 15 which is not owned.') },
    target,
    severity: 'warning',
  },
  'QEMU cannot reset the bus, but the card itself can be': {
    facts: { ...card, ...complaint(gpu), ...sysfs(shown(gpu)) },
    target,
    severity: 'notice',
  },
  'the kernel takes no method': {
    facts: log("vfio-pci 0000:01:00.0: Unsupported reset method 'device_specific'"),
    target,
    severity: 'warning',
  },
  'and the card did not come back': {
    facts: { ...log("vfio-pci 0000:01:00.0: Unsupported reset method 'flr'"), ...failed(103, [assertion]) },
    target,
    severity: 'blocker',
    saw: 'pci_irq_handler',
  },
  'the reset was fatal to the start': {
    facts: failed(101, [], "can't reset PCI device '0000:01:00.0'"),
    target,
    severity: 'blocker',
    devices: [gpu],
  },
}

testRule(noReset, {
  ok,
  found,
  unknown: {
    'what the device is was not read': { facts: { ...calm, ...sysfs(shown(gpu, { resetMethods: [] })) }, target },
    'QEMU complains about a device that lspci does not show': { facts: complaint(gpu), target },
    'a kernel before 5.15 does not list the ways': {
      facts: { ...card, ...calm, ...sysfs(shown(gpu, { resetMethods: null })) },
      target,
    },
  },
})
neverTurns(noReset, ok, found)
