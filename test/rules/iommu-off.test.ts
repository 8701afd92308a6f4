import { iommuOff } from '../../src/rules/iommu-off.ts'
import { amd, failed, firmware, groups, intel, line, log, noIommu } from './sample.ts'
import { testRule } from './test-rule.ts'

testRule(iommuOff, {
  ok: {
    'units and groups are there': { facts: groups({ 0: ['0000:00:02.0'] }) },
    'from 6.8 on without any argument and without "DMAR: IOMMU enabled"': {
      facts: { ...intel, uname: '6.8.12-11-pve', ...line('ro quiet'), ...groups({ 0: ['0000:00:02.0'] }) },
    },
    'groups alone were read': { facts: { 'iommu-groups': [{ id: 0, devices: ['0000:00:01.0'] }] } },
  },
  found: {
    'the table is there, and nothing runs': {
      facts: { ...intel, ...noIommu, ...firmware(['DMAR']), ...line('ro quiet'), uname: '5.15.158-2-pve' },
      severity: 'blocker',
      remedies: ['kernel-arguments'],
      says: /5\.15\.158-2-pve leaves it off/,
    },
    'switched off on the line': {
      facts: { ...intel, ...noIommu, ...line('ro intel_iommu=off') },
      saw: 'intel_iommu=off',
      remedies: ['kernel-arguments'],
    },
    'AMD, switched off for everybody': {
      facts: { ...amd, ...noIommu, ...firmware(['IVRS']), ...line('iommu=off') },
      says: /iommu=off/,
    },
    'asked for, and still not there: no argument helps': {
      facts: { ...intel, ...noIommu, ...firmware(['DMAR']), ...line('intel_iommu=on'), uname: '6.5.13-5-pve' },
      remedies: [],
    },
    'a kernel that needs no asking, and still not there': {
      facts: { ...intel, ...noIommu, ...firmware(['DMAR']), ...line('ro'), uname: '6.8.12-4-pve' },
      remedies: [],
    },
    'a later "on" takes an "off" back': {
      facts: { ...intel, ...noIommu, ...firmware(['DMAR']), ...line('intel_iommu=off intel_iommu=on') },
      remedies: [],
    },
    'the firmware has none either: found, for the other finding to explain': {
      facts: { ...noIommu, ...firmware(['APIC']) },
      remedies: [],
    },
  },
  unknown: {
    'nobody knows what the firmware offers': { facts: { ...intel, ...noIommu, ...line('ro'), uname: '6.8.12-4-pve' } },
    '"DMAR: IOMMU enabled" proves nothing': {
      facts: { ...intel, ...log('DMAR: IOMMU enabled'), ...line('intel_iommu=on') },
    },
    'neither does its absence': { facts: { ...intel, ...firmware(['DMAR']), ...line('ro'), ...log('x') } },
    'a start that found no IOMMU, at some time': {
      facts: failed(104, [], 'cannot prepare PCI pass-through, IOMMU not present'),
    },
  },
})
