import type { Facts } from '../../src/facts/facts.ts'
import { forgottenPin } from '../../src/rules/forgotten-pin.ts'
import { testRule } from './test-rule.ts'

const kernels = (pinned: string | null, ...installed: string[]): Facts => ({
  kernels: { installed, running: null, pinned, nextBoot: null, default: pinned },
})

testRule(forgottenPin, {
  ok: {
    'nothing is pinned': { facts: kernels(null, '6.8.12-9-pve', '6.8.12-11-pve') },
    'the newest is pinned, told by number': { facts: kernels('6.8.12-11-pve', '6.8.12-9-pve', '6.8.12-11-pve') },
    'the only newer one has a known fault': { facts: kernels('6.8.12-11-pve', '6.8.12-11-pve', '6.8.12-12-pve') },
    'a patched kernel is pinned on purpose': {
      facts: kernels('5.15.107-2-pve-relaxablermrr', '5.15.158-2-pve', '5.15.107-2-pve-relaxablermrr'),
    },
  },
  found: {
    'a newer one is installed': {
      facts: kernels('6.8.12-9-pve', '6.8.12-9-pve', '6.8.12-11-pve'),
      severity: 'notice',
      saw: 'pinned: 6.8.12-9-pve',
      says: /6\.8\.12-11-pve is installed.*kernel unpin/,
      remedies: ['unpin-kernel'],
    },
    'the pin went around a fault that is repaired by now': {
      facts: kernels('6.8.12-11-pve', '6.8.12-11-pve', '6.8.12-12-pve', '6.8.12-13-pve'),
      says: /6\.8\.12-13-pve is installed/,
    },
    'another series': { facts: kernels('6.8.12-11-pve', '6.8.12-11-pve', '6.11.11-2-pve') },
  },
  unknown: { 'no kernel was seen': { facts: kernels('6.8.12-9-pve') } },
})
