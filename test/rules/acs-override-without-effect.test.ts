import { acsOverrideWithoutEffect } from '../../src/rules/acs-override-without-effect.ts'
import { device, groups, line, log, lspci } from './sample.ts'
import { testRule } from './test-rule.ts'

const live = log('Warning: PCIe ACS overrides enabled; This may allow non-IOMMU protected peer-to-peer DMA')
const all = lspci(device('0000:00:01.0', { class: '0604' }), device('0000:01:00.0'), device('0000:02:00.0'))
const shared = groups({ 1: ['0000:00:01.0', '0000:01:00.0', '0000:02:00.0'] })
const split = groups({ 1: ['0000:00:01.0'], 2: ['0000:01:00.0'], 3: ['0000:02:00.0'] })
const target = 'device:01:00.0'

testRule(acsOverrideWithoutEffect, {
  ok: {
    'it split the group': { facts: { ...live, ...split, ...all }, target },
    'it is not asked for': { facts: { ...line('quiet'), ...shared, ...all }, target },
    'the kernel does not have it, which is another finding': {
      facts: { uname: '6.1.0-18-amd64', ...line('pcie_acs_override=downstream'), ...shared, ...all },
      target,
    },
    'the group is clean, live or not': { facts: { ...split, ...all }, target },
  },
  found: {
    'the group is what it was': {
      facts: { ...live, ...shared, ...all },
      target,
      severity: 'warning',
      devices: ['0000:01:00.0'],
      saw: 'group 1: 0000:00:01.0 0000:01:00.0 0000:02:00.0',
      says: /still shares/,
      remedies: [],
    },
    'on a Proxmox kernel whose log has wrapped': {
      facts: { uname: '6.8.12-4-pve', ...line('pcie_acs_override=downstream'), ...shared, ...all },
      target,
      saw: 'pcie_acs_override=downstream',
    },
  },
  unknown: {
    'whether it is live': { facts: { ...shared, ...all }, target },
    'whether the other one is a bridge': { facts: { ...live, ...shared }, target },
  },
})
