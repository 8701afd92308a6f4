import { bootGpu } from '../../src/rules/boot-gpu.ts'
import { device, guest, guests, line, lspci } from './sample.ts'
import { neverTurns, shown, sysfs } from './sample-hardware.ts'
import { type Shown, testRule } from './test-rule.ts'

const gpu = '0000:01:00.0'
const target = 'device:01:00.0'
const only = lspci(device(gpu), device('0000:02:00.0', { class: '0108' }))
const onboard = lspci(device(gpu), device('0000:00:02.0'))
const boots = sysfs(shown(gpu, { bootVga: true }))

const ok: Record<string, Shown> = {
  'another card has the screen': {
    facts: { ...onboard, ...sysfs(shown(gpu, { bootVga: false }), shown('0000:00:02.0', { bootVga: true })) },
    target,
  },
  'the boot card, and another one is left': { facts: { ...onboard, ...boots }, target },
  'no graphics card': { facts: { ...only, ...sysfs(shown('0000:02:00.0')) }, target: 'device:02:00.0' },
}

const found: Record<string, Shown> = {
  'the only screen': {
    facts: { ...only, ...boots, ...line('quiet') },
    target,
    severity: 'warning',
    devices: [gpu],
    saw: 'boot_vga=1',
    remedies: [],
  },
  'as the list of what the host stands on tells it': {
    facts: { ...only, 'host-devices': [{ use: 'console', name: 'boot_vga', address: gpu }] },
    target,
    severity: 'warning',
    saw: 'console boot_vga',
  },
  'a serial console is left': {
    facts: { ...only, ...boots, ...line('quiet console=tty0 console=ttyS0,115200') },
    target,
    severity: 'notice',
    says: /ttyS0,115200/,
  },
  'both cards go to guests': {
    facts: { ...onboard, ...boots, ...guests(guest(101, ['0000:01:00']), guest(102, ['0000:00:02.0'])) },
    severity: 'warning',
    devices: [gpu],
  },
}

testRule(bootGpu, {
  ok,
  found,
  unknown: {
    'which card has the screen was not read': { facts: only, target },
    'what the guests get was not read': { facts: { ...only, ...boots } },
  },
})
neverTurns(bootGpu, ok, found)
