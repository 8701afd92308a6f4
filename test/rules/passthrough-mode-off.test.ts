import { passthroughModeOff } from '../../src/rules/passthrough-mode-off.ts'
import { groups, line, log, noIommu } from './sample.ts'
import { testRule } from './test-rule.ts'

const on = groups({ 0: ['0000:00:00.0'] })

testRule(passthroughModeOff, {
  ok: {
    'asked for': { facts: { ...on, ...line('ro iommu=pt') } },
    'in its long form': { facts: { ...on, ...line('iommu.passthrough=1') } },
    'the kernel does it by itself': {
      facts: { ...on, ...line('ro'), ...log('iommu: Default domain type: Passthrough') },
    },
    'no IOMMU that could translate': { facts: { ...noIommu, ...line('ro') } },
  },
  found: {
    'not asked for, a notice': {
      facts: { ...on, ...line('ro quiet') },
      severity: 'notice',
      remedies: ['passthrough-mode'],
    },
    'taken back by a later word': { facts: { ...on, ...line('iommu=pt iommu=nopt') }, severity: 'notice' },
  },
  unknown: { 'nobody knows whether an IOMMU runs': { facts: line('ro') } },
})
