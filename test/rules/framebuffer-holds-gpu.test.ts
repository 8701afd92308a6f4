import { framebufferHoldsGpu } from '../../src/rules/framebuffer-holds-gpu.ts'
import { device, guest, guests, line, log, lspci, wholeLog } from './sample.ts'
import { iomem, neverTurns, shown, sysfs } from './sample-hardware.ts'
import { type Shown, testRule } from './test-rule.ts'

const gpu = '0000:01:00.0'
const target = 'device:01:00.0'
const refused = "vfio-pci 0000:01:00.0: BAR 1: can't reserve [mem 0xc0000000-0xcfffffff 64bit pref]"
const held = iomem(['BOOTFB', gpu], ['simpledrm', gpu])
const pve = { uname: '6.8.12-4-pve' }

const ok: Record<string, Shown> = {
  'no framebuffer': { facts: { ...iomem(), ...wholeLog('vfio-pci 0000:01:00.0: enabling device') }, target },
  "the framebuffer is on the host's own card": { facts: iomem(['BOOTFB', '0000:00:02.0']), target },
  "it is on the host's own card by boot_vga": {
    facts: {
      ...iomem(['BOOTFB', null]),
      ...sysfs(shown(gpu, { bootVga: false }), shown('0000:03:00.0', { bootVga: true })),
    },
    target,
  },
  'the guests get no card': { facts: { ...iomem(['BOOTFB', gpu]), ...guests(guest(101, ['0000:02:00.0'])) } },
}

const found: Record<string, Shown> = {
  'it sits on the card': {
    facts: { ...held, ...pve, ...line('quiet') },
    target,
    severity: 'warning',
    devices: [gpu],
    saw: 'BOOTFB in 0000:01:00.0',
    remedies: ['free-framebuffer'],
  },
  'and the kernel could not reserve a BAR': {
    facts: { ...held, ...pve, ...line('quiet'), ...log(refused) },
    target,
    severity: 'blocker',
    saw: "can't reserve",
    remedies: ['free-framebuffer'],
  },
  'the newer form of the refusal': {
    facts: { ...held, ...log("vfio-pci 0000:01:00.0: BAR 1 [mem 0xc0000000-0xcfffffff 64bit pref]: can't reserve") },
    target,
    severity: 'blocker',
  },
  'only the refusal was read': {
    facts: { ...lspci(device(gpu)), ...log(refused), ...line('quiet video=efifb:off'), uname: '5.15.30-2-pve' },
    target,
    severity: 'blocker',
    devices: [gpu],
    remedies: ['free-framebuffer'],
  },
  'memory without a device, in the BAR that was refused': {
    facts: { ...iomem(['BOOTFB', null]), ...log(refused) },
    target,
    severity: 'blocker',
    devices: [gpu],
  },
  'memory without a device, and the target is the boot card': {
    facts: { ...iomem(['efifb', null]), ...sysfs(shown(gpu, { bootVga: true })) },
    target,
    severity: 'warning',
  },
  'the argument is live and does not help': {
    facts: { ...held, ...pve, ...line('initcall_blacklist=sysfb_init'), ...log(refused) },
    target,
    severity: 'blocker',
    says: /is live and does not keep it away/,
    remedies: [],
  },
  'simpledrm on a kernel that nobody knows': {
    facts: { ...held, uname: '6.18.48', ...line('quiet') },
    target,
    remedies: [],
  },
  'efifb on a kernel that nobody knows': {
    facts: { ...iomem(['efifb', gpu]), uname: '6.1.0-28-amd64', ...line('quiet') },
    target,
    remedies: ['free-framebuffer'],
  },
  'the sound function of the card is the target': { facts: held, target: 'device:01:00.1', devices: [gpu] },
  'the card of a guest': {
    facts: { ...held, ...guests(guest(101, ['0000:01:00'])) },
    target: 'vm:101',
    devices: [gpu],
  },
}

testRule(framebufferHoldsGpu, {
  ok,
  found,
  unknown: {
    'a BAR is refused, and no framebuffer is there': { facts: { ...iomem(), ...log(refused) }, target },
    'a BAR of something else is refused': {
      facts: { ...lspci(device(gpu, { class: '0108' })), ...log(refused) },
      target,
    },
    'a BAR of a card that is not the boot card': {
      facts: { ...sysfs(shown(gpu, { bootVga: false })), ...log(refused) },
      target,
    },
    'whose memory it is nobody shows': { facts: iomem(['BOOTFB', null]), target },
    'the memory map was not read': { facts: wholeLog('x'), target },
    'what the guests get was not read': { facts: iomem(['BOOTFB', gpu]) },
  },
})
neverTurns(framebufferHoldsGpu, ok, found)
