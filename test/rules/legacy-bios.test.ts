import { legacyBios } from '../../src/rules/legacy-bios.ts'
import { firmware } from './sample.ts'
import { testRule } from './test-rule.ts'

testRule(legacyBios, {
  ok: { 'booted with EFI': { facts: firmware(['APIC']) } },
  found: {
    'booted without EFI, a notice and never a cause': {
      facts: firmware(['APIC'], { efi: false }),
      severity: 'notice',
      remedies: [],
    },
  },
  unknown: { 'the mode was not shown': { facts: firmware(['APIC'], { efi: null }) } },
})
