import type { Facts } from '../../src/facts/facts.ts'
import { espOutOfSync } from '../../src/rules/esp-out-of-sync.ts'
import { bySystemdBoot, line } from './sample.ts'
import { testRule } from './test-rule.ts'

type Loader = NonNullable<Facts['boot-tool']>['esps'][number]['loaders'][number]
const uefi = (...versions: string[]): Loader => ({ kind: 'uefi', versions })
const grub = (...versions: string[]): Loader => ({ kind: 'grub', versions })
const esps = (all: Record<string, Loader[]>, ...warnings: string[]): Facts => ({
  'boot-tool': {
    managed: true,
    booted: 'uefi',
    esps: Object.entries(all).map(([uuid, loaders]) => ({ uuid, loaders })),
    warnings,
  },
})
const gone = "WARN: /dev/disk/by-uuid/7B1A-22C1 does not exist - clean '/etc/kernel/proxmox-boot-uuids'! - skipping"
const byEspGrub = line('BOOT_IMAGE=/vmlinuz-6.8.12-4-pve root=ZFS=rpool/ROOT/pve-1 ro')

testRule(espOutOfSync, {
  ok: {
    'not kept by proxmox-boot-tool': {
      facts: { 'boot-tool': { managed: false, booted: null, esps: [], warnings: [] } },
    },
    'a single one': { facts: esps({ '1578-E2C7': [grub('6.17.13-1-pve', '6.17.13-2-pve')] }) },
    'two alike, in another order': {
      facts: esps({ '4A10-77C1': [uefi('a', 'b')], '4A11-9D02': [uefi('b', 'a')] }),
    },
    'the side that does not boot may lag behind': {
      facts: {
        ...byEspGrub,
        ...esps({ '4A10-77C1': [uefi('a'), grub('a', 'b')], '4A11-9D02': [uefi('a', 'b'), grub('a', 'b')] }),
      },
    },
  },
  found: {
    'one lacks the newest kernel': {
      facts: esps({ '4A10-77C1': [uefi('6.8.12-9-pve', '6.8.12-11-pve')], '4A11-9D02': [uefi('6.8.12-9-pve')] }),
      severity: 'warning',
      saw: '4A11-9D02: uefi (6.8.12-9-pve)',
      says: /4A11-9D02 lacks 6\.8\.12-11-pve.*proxmox-boot-tool refresh/,
      remedies: ['refresh-esps'],
    },
    'one was never converted to the loader that boots': {
      facts: { ...byEspGrub, ...esps({ '4A10-77C1': [grub('a')], '4A11-9D02': [uefi('a')] }) },
      says: /4A11-9D02 lacks a/,
    },
    'the side that boots differs': {
      facts: {
        ...line(bySystemdBoot),
        ...esps({ '4A10-77C1': [uefi('a'), grub('a')], '4A11-9D02': [uefi('a', 'b'), grub('a')] }),
      },
      says: /4A10-77C1 lacks b/,
    },
    'one is listed and its disk is gone': {
      facts: esps({ '4A10-77C1': [uefi('a')] }, gone),
      saw: gone,
      says: /7B1A-22C1 is listed and not there.*proxmox-boot-tool clean/,
    },
    'all of them are gone': { facts: esps({}, gone) },
  },
  unknown: {
    'two loaders on them, and nobody knows which one boots': {
      facts: esps({ '4A10-77C1': [uefi('a'), grub('a')], '4A11-9D02': [uefi('a'), grub('a', 'b')] }),
    },
    'none was seen': { facts: esps({}) },
  },
})
