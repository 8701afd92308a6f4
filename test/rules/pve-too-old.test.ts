import type { Facts } from '../../src/facts/facts.ts'
import { pveTooOld } from '../../src/rules/pve-too-old.ts'
import { testRule } from './test-rule.ts'

const pve = (manager: string | null, packages: Record<string, string> = {}): Facts => ({
  pveversion: { manager, running: null, packages },
})
const at = (day: string): Facts => ({
  clock: { system: Date.parse(`${day}T12:00:00Z`) / 1000, rtc: null, rtcInUtc: null },
})

testRule(pveTooOld, {
  ok: {
    'the newest release, whatever the clock': { facts: pve('9.1.1') },
    'a release newer than the table': { facts: pve('10.0.2') },
    'in its last month of support': { facts: { ...pve('8.4.1'), ...at('2026-08-31') } },
    '7.4 while it was supported': { facts: { ...pve('7.4-18'), ...at('2023-11-01') } },
    'a node without Proxmox': { facts: pve(null) },
  },
  found: {
    'older than 7.4': { facts: pve('7.3-6'), severity: 'warning', saw: '7.3-6', says: /older than 7\.4/, remedies: [] },
    'much older, and what comes next': { facts: pve('6.4-15'), says: /Proxmox VE 7: run "pve6to7 --full".*https:/ },
    'older than the table': { facts: pve('3.4-16'), severity: 'warning' },
    'out of support': {
      facts: { ...pve('7.4-18'), ...at('2024-08-01') },
      severity: 'warning',
      says: /out of support since the end of 2024-07.*pve7to8/,
    },
    'out of support since yesterday': { facts: { ...pve('8.4.1'), ...at('2026-09-01') }, says: /pve8to9/ },
    'told by the meta package': { facts: { ...pve(null, { 'proxmox-ve': '8.2.0' }), ...at('2027-01-01') } },
  },
  unknown: {
    'the time is not known': { facts: pve('8.4.1') },
    'the clock stands before the release was made': { facts: { ...pve('8.4.1'), ...at('2012-01-01') } },
    'a version that does not read like one': { facts: pve('unknown') },
    'packages without a version of Proxmox': { facts: pve(null, { corosync: '3.1.7' }) },
  },
})
