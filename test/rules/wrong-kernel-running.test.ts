import { expect, test } from 'vitest'
import { diagnose } from '../../src/diagnosis/diagnose.ts'
import type { Facts } from '../../src/facts/facts.ts'
import { rules } from '../../src/rules/index.ts'
import { wrongKernelRunning } from '../../src/rules/wrong-kernel-running.ts'
import { amd, groups, guest, guests, intel, line, log, regions } from './sample.ts'
import { testRule } from './test-rule.ts'

const patched = '5.15.107-2-pve-relaxablermrr'
const kernels = (rest: Partial<NonNullable<Facts['kernels']>> = {}): Facts => ({
  kernels: {
    installed: ['5.15.108-1-pve', patched],
    running: '5.15.108-1-pve',
    pinned: null,
    nextBoot: null,
    default: null,
    ...rest,
  },
})
const stock: Facts = { ...intel, uname: '5.15.108-1-pve' }
const asked = line('quiet intel_iommu=on,relax_rmrr')
const refused = log(
  'vfio-pci 0000:07:00.0: DMAR: Device is ineligible for IOMMU domain attach due to platform RMRR requirement.  Contact your platform vendor.',
)
const free: Facts = {
  ...groups({ 7: ['0000:07:00.0'] }),
  ...regions([7, 'msi']),
  ...guests(guest(101, ['0000:07:00.0'])),
}

testRule(wrongKernelRunning, {
  ok: {
    'the running kernel has the option': { facts: { ...intel, uname: '6.8.12-4-pve', ...asked, ...kernels() } },
    'no installed kernel has it': {
      facts: { ...stock, ...asked, ...kernels({ installed: ['5.15.108-1-pve', '5.15.102-1-pve'] }) },
    },
    'nobody asks for it and nothing needs it': { facts: { ...stock, ...line('quiet'), ...free, ...kernels() } },
    'on AMD it means nothing': { facts: { ...amd, uname: '5.15.108-1-pve', ...asked, ...kernels() } },
  },
  found: {
    'the option is set and the patched kernel is not booted': {
      facts: { ...stock, ...asked, ...kernels() },
      severity: 'blocker',
      saw: `installed: ${patched}`,
      says: new RegExp(`proxmox-boot-tool kernel pin ${patched}" and reboot\\.$`),
      remedies: ['boot-kernel'],
    },
    'the kernel itself says that it does not know the option': {
      facts: { ...intel, ...asked, ...log("DMAR: Unknown option - 'relax_rmrr'"), ...kernels() },
      severity: 'blocker',
    },
    'a device is refused, and the option is not set yet': {
      facts: { ...stock, ...line('quiet intel_iommu=on'), ...refused, ...kernels() },
      severity: 'blocker',
      saw: 'ineligible',
      says: /after that the option has to be set/,
    },
    'the wrong kernel is pinned': {
      facts: { ...stock, ...asked, ...kernels({ pinned: '5.15.108-1-pve', default: '5.15.108-1-pve' }) },
      says: /is running and pinned/,
    },
    'a reboot is all that is missing': {
      facts: { ...stock, ...asked, ...kernels({ default: patched }) },
      says: /boots next, so reboot the node/,
    },
    'the newest of several that have it': {
      facts: { ...stock, ...asked, ...kernels({ installed: [patched, '6.2.16-11-bpo11-pve', '6.2.16-20-bpo11-pve'] }) },
      says: /pin 6\.2\.16-20-bpo11-pve/,
    },
    'set, but nothing needs it': { facts: { ...stock, ...asked, ...free, ...kernels() }, severity: 'warning' },
  },
  unknown: {
    'which kernels are installed was not read': { facts: { ...stock, ...asked } },
    'which kernel runs was not read': { facts: { ...intel, ...asked, ...kernels() } },
    'nobody knows whether anything needs it': { facts: { ...stock, ...line('quiet'), ...kernels() } },
    'the line was not read': { facts: { ...stock, ...kernels() } },
    'the processor was not read': { facts: { uname: '5.15.108-1-pve', ...asked, ...kernels() } },
  },
})

test('it is the cause of the refusal and of the missing option', () => {
  const facts = { ...stock, ...asked, ...refused, ...kernels() }
  const { verdict, results } = diagnose(rules, facts, { node: 'node1', target: null, takenAt: null })
  expect(verdict.cause).toBe('wrong-kernel-running')
  for (const id of ['rmrr-blocks-device', 'kernel-lacks-relaxable-rmrr'])
    expect(results.find(({ rule }) => rule.id === id)).toMatchObject({ status: 'muted', by: 'wrong-kernel-running' })
})
