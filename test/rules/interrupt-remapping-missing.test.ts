import { interruptRemappingMissing } from '../../src/rules/interrupt-remapping-missing.ts'
import { failed, intel, line, log, wholeLog } from './sample.ts'
import { testRule } from './test-rule.ts'

const refusal =
  'vfio_iommu_type1_attach_group: No interrupt remapping support.  Use the module param "allow_unsafe_interrupts"'
const units = 'DMAR: DRHD base: 0x000000fed90000 flags: 0x0'

testRule(interruptRemappingMissing, {
  ok: {
    'Intel says that it is enabled': {
      facts: { ...intel, ...log(units, 'DMAR-IR: Enabled IRQ remapping in x2apic mode') },
    },
    'AMD says that it is enabled': { facts: log('AMD-Vi: Interrupt remapping enabled') },
  },
  found: {
    'the kernel refused a group for it': {
      facts: { ...log(refusal), ...failed(100, ['vfio: failed to set iommu for container: Operation not permitted']) },
      severity: 'blocker',
      saw: 'Operation not permitted',
      remedies: ['interrupt-remapping'],
    },
    'the firmware opts out': {
      facts: log(
        'DMAR-IR: x2apic is disabled because BIOS sets x2apic opt out bit.',
        'DMAR-IR: Enabled IRQ remapping in xapic mode',
      ),
      severity: 'warning',
    },
    'the erratum of the 5500 chipsets': {
      facts: log('DMAR-IR: This system BIOS has enabled interrupt remapping'),
      severity: 'warning',
    },
    'switched off on the kernel line': { facts: { ...line('ro intremap=off'), ...log('x') }, saw: 'intremap=off' },
    'a whole log that never says so': { facts: wholeLog(units), severity: 'warning' },
  },
  unknown: {
    'a log that begins after the boot proves nothing by its silence': { facts: log(units) },
    'a whole log that never saw an IOMMU': { facts: wholeLog('x') },
    'the EPERM of QEMU alone, which an RMRR gives too': {
      facts: failed(100, ['vfio: failed to set iommu for container: Operation not permitted']),
    },
  },
})
