import type { Facts } from '../../src/facts/facts.ts'
import { noRollbackKernel } from '../../src/rules/no-rollback-kernel.ts'
import { testRule } from './test-rule.ts'

const kernels = (...installed: string[]): Facts => ({
  kernels: { installed, running: installed[0] ?? null, pinned: null, nextBoot: null, default: null },
})
const unmanaged: Facts = { 'boot-tool': { managed: false, booted: null, esps: [], warnings: [] } }
const esps = (...all: string[][]): Facts => ({
  'boot-tool': {
    managed: true,
    booted: 'uefi',
    esps: all.map((versions, at) => ({ uuid: `4A10-000${at}`, loaders: [{ kind: 'grub', versions }] })),
    warnings: [],
  },
})

testRule(noRollbackKernel, {
  ok: {
    'two kernels in /boot': { facts: { ...unmanaged, ...kernels('6.8.12-9-pve', '6.8.12-11-pve') } },
    'two kernels on the ESP': { facts: esps(['6.17.13-1-pve', '6.17.13-2-pve']) },
  },
  found: {
    'one kernel in /boot': {
      facts: { ...unmanaged, ...kernels('6.8.12-11-pve') },
      severity: 'warning',
      saw: '6.8.12-11-pve',
      remedies: [],
    },
    'one kernel on both ESPs, though more are installed': {
      facts: { ...esps(['6.8.12-11-pve'], ['6.8.12-11-pve']), ...kernels('6.8.12-9-pve', '6.8.12-11-pve') },
      says: /proxmox-boot-tool kernel add 6\.8\.12-9-pve/,
    },
  },
  unknown: {
    'what lies in /boot was not read': { facts: unmanaged },
    'no ESP was seen': { facts: { ...esps(), ...kernels('6.8.12-9-pve', '6.8.12-11-pve') } },
    'who keeps the boot files is not known': { facts: kernels('6.8.12-9-pve', '6.8.12-11-pve') },
  },
})
