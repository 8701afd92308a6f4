import type { Facts } from '../../src/facts/facts.ts'
import { leftoverOneShot } from '../../src/rules/leftover-one-shot.ts'
import { byGrub, bySystemdBoot, grubCfg, line } from './sample.ts'
import { testRule } from './test-rule.ts'

type Env = NonNullable<Facts['grub-env']>
const env = (variables: Record<string, string>, rest: Partial<Env> = {}): Facts => ({
  'grub-env': {
    variables,
    bootSource: '/dev/mapper/pve-root',
    bootUuid: null,
    bootFs: 'ext4',
    bootDisks: null,
    bootStack: 'lvm',
    bootWritable: true,
    grubDefault: '0',
    customSha256: 'absent',
    customSourced: true,
    tools: [],
    ...rest,
  },
})
const kernels = (nextBoot: string | null): Facts => ({
  kernels: {
    installed: ['6.5.13-3-pve', '6.5.13-5-pve'],
    running: '6.5.13-5-pve',
    pinned: null,
    nextBoot,
    default: nextBoot,
  },
})
const tool = (managed: boolean): Facts => ({ 'boot-tool': { managed, booted: 'uefi', esps: [], warnings: [] } })
const next = { next_entry: '1>2' }
const rest: Facts = { ...kernels(null), ...grubCfg('quiet'), 'kernel-cmdline-file': { first: null } }
const onGrub: Facts = { ...rest, ...line(byGrub) }

testRule(leftoverOneShot, {
  ok: {
    'nothing was left': { facts: { ...onGrub, ...env({ saved_entry: '0', next_entry: '' }) } },
    'one that GRUB will clear is only waiting': {
      facts: { ...onGrub, ...env(next, { bootSource: '/dev/sda2', bootStack: 'plain' }) },
    },
    'systemd-boot does not read it': { facts: { ...rest, ...line(bySystemdBoot), ...env(next) } },
    'GRUB reads another one, on the ESP': {
      facts: {
        ...rest,
        ...line('BOOT_IMAGE=/vmlinuz-6.5.13-5-pve root=ZFS=rpool/ROOT/pve-1'),
        ...tool(true),
        ...env(next, { bootFs: 'zfs', bootStack: 'other' }),
      },
    },
    'a kernel pinned for a boot that is still to come': {
      facts: { ...onGrub, ...env({}), ...kernels('6.5.13-3-pve') },
    },
  },
  found: {
    'on LVM it stays for ever': {
      facts: { ...onGrub, ...env(next) },
      severity: 'warning',
      saw: 'next_entry=1>2',
      says: /on LVM.*grub-editenv - unset next_entry/,
      remedies: ['clear-one-shot'],
    },
    'on btrfs too': { facts: { ...onGrub, ...env(next, { bootFs: 'btrfs', bootStack: 'plain' }) }, says: /on btrfs/ },
    'proxmox-boot-tool is not at work': { facts: { ...tool(false), ...env(next) } },
    'a kernel pinned for one boot that it has had': {
      facts: kernels('6.5.13-5-pve'),
      saw: 'next-boot: 6.5.13-5-pve',
      says: /kernel unpin --next-boot/,
    },
    'the words of a trial were generated for every boot': {
      facts: grubCfg('quiet lanekeeper.trial=c7 panic=30'),
      saw: 'lanekeeper.trial=c7',
    },
    'the words of a trial were written down': {
      facts: { 'kernel-cmdline-file': { first: 'root=ZFS=rpool/ROOT/pve-1 lanekeeper.trial=c7' } },
    },
  },
  unknown: {
    'the environment block was not read': { facts: onGrub },
    'what /boot lies on was not told': { facts: { ...onGrub, ...env(next, { bootStack: null, bootFs: null }) } },
    'whose environment block it is is not known': { facts: { ...rest, ...env(next) } },
    'the kernels were not read': { facts: { ...line(byGrub), ...env({}), ...grubCfg('quiet') } },
  },
})
