import { argumentWithoutEffect } from '../../src/rules/argument-without-effect.ts'
import { device, line, log, lspci, wholeLog } from './sample.ts'
import { iomem, neverTurns } from './sample-hardware.ts'
import { type Shown, testRule } from './test-rule.ts'

const gpu = '0000:01:00.0'
const target = 'device:01:00.0'
const onHost = iomem(['BOOTFB', '0000:00:02.0'], ['simpledrm', '0000:00:02.0'])
const simpledrm = '[drm] Initialized simpledrm 1.0.0 20200625 for simple-framebuffer.0 on minor 0'

const ok: Record<string, Shown> = {
  'nothing of the kind': { facts: line('quiet intel_iommu=on iommu=pt video=1024x768'), target },
  'iommu with a value that exists': { facts: line('iommu=on,pt'), target },
  'sysfb_init is off, and no framebuffer came up': {
    facts: { ...line('initcall_blacklist=sysfb_init'), ...iomem(), ...wholeLog('x'), uname: '6.8.12-4-pve' },
    target,
  },
  'efifb is off where efifb is what there is': {
    facts: { ...line('video=efifb:off'), ...iomem(), ...wholeLog('x'), uname: '5.13.19-6-pve' },
    target,
  },
  'another initcall': { facts: line('initcall_blacklist=acpi_cpufreq_init'), target },
}

const found: Record<string, Shown> = {
  'iommu=on': {
    facts: line('quiet iommu=on'),
    target,
    severity: 'notice',
    remedies: ['drop-argument'],
    suggests: { add: [], remove: ['iommu=on'] },
  },
  'efifb on a kernel without it': {
    facts: { ...line('quiet video=efifb:off'), uname: '6.14.8-2-pve', ...iomem() },
    target,
    severity: 'notice',
    saw: '6.14.8-2-pve',
    remedies: ['drop-argument'],
    suggests: { add: [], remove: ['video=efifb:off'] },
  },
  'simpledrm has the screen of the host': {
    facts: { ...line('quiet video=efifb:off video=vesafb:off'), ...onHost },
    target,
    severity: 'notice',
    devices: [],
    suggests: { add: [], remove: ['video=efifb:off', 'video=vesafb:off'] },
  },
  'the log tells of simpledrm': {
    facts: { ...line('video=efifb:off'), ...log(simpledrm), uname: '6.5.13-5-pve' },
    target,
    saw: 'simpledrm',
  },
  'and a card rests on it': {
    facts: { ...line('quiet video=efifb:off'), ...iomem(['BOOTFB', gpu]), uname: '6.5.13-5-pve' },
    target,
    severity: 'warning',
    devices: [gpu],
    remedies: ['free-framebuffer'],
  },
  'a BAR is refused all the same': {
    facts: {
      ...line('quiet video=efifb:off'),
      ...log("vfio-pci 0000:01:00.0: BAR 3: can't reserve [mem 0x50000000-0x51ffffff 64bit pref]"),
      ...lspci(device(gpu)),
    },
    target,
    severity: 'warning',
  },
  'joined by a comma': {
    facts: { ...line('video=efifb:off,vesafb:off'), uname: '5.13.19-6-pve', ...iomem(), ...wholeLog('x') },
    target,
    severity: 'notice',
    remedies: ['correct-argument'],
    suggests: { add: ['video=efifb:off', 'video=vesafb:off'], remove: ['video=efifb:off,vesafb:off'] },
  },
  'joined by a comma, where neither would act': {
    facts: { ...line('video=vesafb:off,efifb:off'), uname: '6.8.12-4-pve' },
    target,
    suggests: { add: [], remove: ['video=vesafb:off,efifb:off'] },
  },
  'sysfb_init is off, and simpledrm came up': {
    facts: { ...line('initcall_blacklist=sysfb_init'), ...log('blacklisting initcall sysfb_init', simpledrm) },
    target,
    severity: 'notice',
    saw: 'Initialized simpledrm',
  },
  'and it holds the card': {
    facts: {
      ...line('initcall_blacklist=sysfb_init'),
      ...iomem(['BOOTFB', gpu], ['simpledrm', gpu]),
      uname: '6.18.48',
    },
    target,
    severity: 'warning',
    remedies: [],
  },
  'what else the word keeps from starting stays': {
    facts: { ...line('initcall_blacklist=sysfb_init,acpi_cpufreq_init'), ...onHost },
    target,
    suggests: {
      add: ['initcall_blacklist=acpi_cpufreq_init'],
      remove: ['initcall_blacklist=sysfb_init,acpi_cpufreq_init'],
    },
  },
}

testRule(argumentWithoutEffect, {
  ok,
  found,
  unknown: {
    'what holds the screen was not read': { facts: line('video=efifb:off'), target },
    'the log does not reach back': {
      facts: { ...line('initcall_blacklist=sysfb_init'), ...iomem(), ...log('x'), uname: '6.8.12-4-pve' },
      target,
    },
  },
})
neverTurns(argumentWithoutEffect, ok, found)
