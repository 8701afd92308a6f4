import type { Facts } from '../../src/facts/facts.ts'
import { noTestGuest } from '../../src/rules/no-test-guest.ts'
import { conf, read, runs } from './guest-text.ts'
import { failed, groups, intel, log, noIommu, regions } from './sample.ts'
import { testRule } from './test-rule.ts'

const production = conf({ 101: { hostpci0: '01:00.0', onboot: '1' } })
const down = conf({ 101: { hostpci0: '01:00.0' } })
const quiet: Facts = { ...log('x'), ...groups({ 1: ['0000:01:00.0'] }), ...regions([1, 'msi']), ...intel }
const clean: Facts = { ...quiet, tasks: [] }
const refused = failed(101, ['kvm: vfio 0000:01:00.0: group 1 is not viable'])

testRule(noTestGuest, {
  ok: {
    'nothing is asked and nothing is wrong': { facts: { ...clean, ...production, ...runs(101) } },
    'one of the guests is neither started at boot nor running': {
      facts: {
        ...conf({ 101: { hostpci0: '01:00.0', onboot: '1' }, 102: { hostpci0: '01:00.0' } }),
        ...refused,
        ...runs(),
      },
    },
    'nobody is given the device': { facts: { ...production, ...runs() }, target: 'device:02:00.0' },
    'the guest that is asked about is given nothing': {
      facts: { ...conf({ 101: { onboot: '1' } }), ...runs() },
      target: 'vm:101',
    },
    'the start failed for what is over': {
      facts: {
        ...clean,
        ...production,
        ...runs(),
        ...failed(101, [], 'cannot prepare PCI pass-through, IOMMU not present'),
      },
    },
  },
  found: {
    'a start failed, and the guest starts at boot': {
      facts: { ...production, ...refused },
      severity: 'notice',
      devices: ['0000:01:00.0'],
      saw: 'onboot: 1',
      says: /guest 101/,
    },
    'the guest in question runs': {
      facts: { ...down, ...runs(101) },
      target: 'vm:101',
      severity: 'notice',
      saw: 'qemu 101',
    },
    'the device in question is with two of them': {
      facts: { ...conf({ 101: { hostpci0: '01:00', onboot: 'yes' }, 102: { hostpci0: '01:00.0' } }), ...runs(102) },
      target: 'device:01:00.0',
      says: /guest 101, guest 102/,
    },
    'a template is no guest to test with': {
      facts: {
        ...conf({ 101: { hostpci0: '01:00.0', onboot: '1' }, 900: { hostpci0: '01:00.0', template: '1' } }),
        ...refused,
        ...runs(),
      },
    },
    'no IOMMU runs': { facts: { ...noIommu, ...production } },
    'a region blocks the device': { facts: { ...clean, ...production, ...regions([1, 'direct']) } },
    'the kernel refused the device': {
      facts: {
        ...production,
        ...log(
          'vfio-pci 0000:01:00.0: DMAR: Device is ineligible for IOMMU domain attach due to platform RMRR requirement.',
        ),
      },
    },
    'a mediated device counts': {
      facts: conf({ 101: { hostpci0: '01:00.0,mdev=x', onboot: '1' } }),
      target: 'device:01:00.0',
    },
  },
  unknown: {
    'a guest without its number may be one that runs': {
      facts: { ...read('guests', 'memory: 1\nhostpci0: 01:00.0\n'), ...refused, ...runs(101) },
    },
    'nobody knows whether it runs': { facts: { ...down, ...refused } },
    'nobody knows whether a start failed': { facts: { ...quiet, ...production } },
    'a mapping was not read': { facts: { ...conf({ 101: { hostpci0: 'mapping=gpu', onboot: '1' } }), ...refused } },
  },
})
