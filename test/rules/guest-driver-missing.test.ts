import { guestDriverMissing } from '../../src/rules/guest-driver-missing.ts'
import { conf, read, runs } from './guest-text.ts'
import { device, lspci } from './sample.ts'
import { testRule } from './test-rule.ts'

const gpu = device('0000:01:00.0', { driver: 'vfio-pci' })
const sound = device('0000:01:00.1', { class: '0403', driver: 'vfio-pci' })
const given = { ...lspci(gpu, sound), ...conf({ 101: { hostpci0: '01:00,pcie=1' } }), ...runs(101) }
const interrupts = (...lines: string[]) => read('vfio-interrupts', lines.join('\n'))
const msi = ' 156:   48211   0 IR-PCI-MSI-0000:01:00.0 0-edge vfio-msi[0](0000:01:00.0)'
const line = (count: number) => ` 16: ${count} 0 IR-IO-APIC 16-fasteoi vfio-intx(0000:01:00.0)`

testRule(guestDriverMissing, {
  ok: {
    'a driver gets messages': { facts: { ...given, ...interrupts(msi) } },
    'a driver gets interrupts on the line': { facts: { ...given, ...interrupts(line(812)) } },
    'the messages are set up, though none came': { facts: { ...given, ...interrupts(msi.replace('48211', '0')) } },
    'the sound of a card has none': {
      facts: { ...given, ...interrupts(msi, ' 17: 0 0 IR-IO-APIC 17-fasteoi vfio-intx(0000:01:00.1)') },
    },
    'the guest is down': { facts: { ...given, ...runs(), ...interrupts() } },
    'a container of the same number runs': {
      facts: { ...given, running: [{ kind: 'lxc', id: 101 }], ...interrupts() },
    },
    'the host never handed it over': {
      facts: { ...given, ...lspci(device('0000:01:00.0', { driver: 'nvidia' })), ...interrupts() },
    },
    'a mediated device': {
      facts: { ...given, ...conf({ 101: { hostpci0: '01:00.0,mdev=nvidia-63' } }), ...interrupts() },
    },
    'one of two alternatives, nobody knows which': {
      facts: {
        ...given,
        ...conf({ 101: { hostpci0: 'mapping=gpu' } }),
        mappings: [
          {
            name: 'gpu',
            entries: ['0000:01:00', '0000:02:00'].map((path) => ({
              node: 'node1',
              id: null,
              paths: [path],
              iommuGroup: 1,
            })),
          },
        ],
        ...interrupts(),
      },
    },
    'another guest': {
      facts: { ...given, ...conf({ 101: { hostpci0: '01:00' }, 102: { hostpci0: '02:00' } }), ...interrupts() },
      target: 'vm:102',
    },
  },
  found: {
    'no interrupt at all': {
      facts: { ...given, ...interrupts() },
      severity: 'notice',
      devices: ['0000:01:00.0'],
      remedies: [],
      saw: '0000:01:00.0: no interrupt at all',
      says: /^Guest 101 has 0000:01:00.0 .*no driver in the guest uses it/,
    },
    'only the line that QEMU sets up': { facts: { ...given, ...interrupts(line(0)) }, saw: 'intx 0, no MSI' },
    'a virtual function': {
      facts: {
        ...lspci(device('0000:41:00.4', { class: '0200', driver: 'vfio-pci' })),
        ...conf({ 101: { hostpci0: '41:00.4' } }),
        ...runs(101),
        ...interrupts(),
      },
      devices: ['0000:41:00.4'],
    },
  },
  unknown: {
    'a guest without its number may be one that runs': {
      facts: { ...given, ...read('guests', 'hostpci0: 01:00\n'), ...interrupts() },
    },
    'the mapping was not read': { facts: { ...given, ...conf({ 101: { hostpci0: 'mapping=gpu' } }), ...interrupts() } },
  },
})
