import { iommuOffInFirmware } from '../../src/rules/iommu-off-in-firmware.ts'
import { firmware, groups, intel, line, log, noIommu } from './sample.ts'
import { testRule } from './test-rule.ts'

testRule(iommuOffInFirmware, {
  ok: {
    'the table is there, whatever the kernel does': { facts: { ...intel, ...noIommu, ...firmware(['APIC', 'DMAR']) } },
    'an IOMMU runs, so it must be on': { facts: { ...groups({ 0: ['0000:00:00.0'] }) } },
    'the log names the table that the list does not': {
      facts: { ...noIommu, ...firmware(['APIC']), ...log('ACPI: DMAR 0x0000000037A3C2D0 0000A8') },
    },
  },
  found: {
    'no table, no unit, no group': {
      facts: { ...intel, ...noIommu, ...firmware(['APIC', 'SSDT'], { sysVendor: 'HP', product: 'Z440' }) },
      severity: 'blocker',
      saw: 'neither DMAR nor IVRS',
      says: /HP Z440/,
      remedies: [],
    },
    'the menu of this maker is known': {
      facts: { ...intel, ...noIommu, ...firmware(['APIC'], { sysVendor: 'ASUS', product: 'System Product Name' }) },
      says: /can change that; .*"Advanced > System Agent \(SA\) Configuration > VT-d"\.$/,
    },
    'the argument and its echo prove nothing': {
      facts: { ...intel, ...noIommu, ...firmware(['APIC']), ...line('intel_iommu=on'), ...log('DMAR: IOMMU enabled') },
      severity: 'blocker',
    },
    'units alone were read': { facts: { 'iommu-units': [], ...firmware(['APIC']) } },
  },
  unknown: {
    'the list of tables was not shown': { facts: { ...noIommu, ...firmware(null) } },
    'an empty list of tables is no list': { facts: { ...noIommu, ...firmware([]) } },
    'no table, but nobody looked whether an IOMMU runs': { facts: { ...intel, ...firmware(['APIC']) } },
    'another architecture has other tables': {
      facts: { cpu: { vendor: 'other', model: null, flags: null }, ...noIommu, ...firmware(['APIC', 'IORT']) },
    },
  },
})
