import type { Facts } from '../../src/facts/facts.ts'
import { vfioIdsTakeTwin } from '../../src/rules/vfio-ids-take-twin.ts'
import { byGrub, defaultGrub, device, guest, guests, line, lspci, modprobeD } from './sample.ts'
import { testRule } from './test-rule.ts'

const one = device('0000:17:00.0', { driver: 'vfio-pci' })
const twin = device('0000:65:00.0', { driver: 'nvidia' })
const id = '10de:2504'
const conf = modprobeD(`options vfio-pci ids=${id}`)
const read: Facts = { ...line(`${byGrub} quiet`), ...defaultGrub('quiet') }
const onLine: Facts = { ...modprobeD(), ...line(`${byGrub} vfio-pci.ids=${id}`), ...defaultGrub(`vfio-pci.ids=${id}`) }
const gets = guests(guest(101, ['0000:17:00']))
const host = (...all: [use: string, name: string, address: string][]): Facts => ({
  'host-devices': all.map(([use, name, address]) => ({ use, name, address })),
})
const elsewhere = host(['disk', '/', '0000:00:17.0'])
const port = (function_: number, driver: string | null) =>
  device(`0000:04:00.${function_}`, { class: '0200', vendor: '8086', device: '1521', name: 'I350', driver })

testRule(vfioIdsTakeTwin, {
  ok: {
    'one card of its kind': { facts: { ...read, ...conf, ...lspci(one), ...gets, ...elsewhere } },
    'no ids anywhere': { facts: { ...read, ...modprobeD('blacklist nouveau'), ...lspci(one, twin) } },
    'both cards are for guests': {
      facts: {
        ...read,
        ...conf,
        ...lspci(one, twin),
        ...guests(guest(101, ['0000:17:00']), guest(102, ['0000:65:00.0'])),
        ...elsewhere,
      },
    },
    'the other card is with vfio-pci already, for nobody yet': {
      facts: { ...read, ...conf, ...lspci(one, { ...twin, driver: 'vfio-pci' }), ...gets },
    },
    'the other card is narrowed out by its class': {
      facts: {
        ...read,
        ...modprobeD('options vfio-pci ids=10de:ffffffff:ffffffff:ffffffff:00040300:00ffff00'),
        ...lspci(device('0000:17:00.1', { class: '0403', driver: 'vfio-pci' }), twin),
        ...gets,
        ...elsewhere,
      },
    },
    'nothing has the other card, and the host does not stand on it': {
      facts: { ...read, ...conf, ...lspci(one, { ...twin, driver: null }), ...gets, ...elsewhere },
    },
    'another virtual function has the driver of the host': {
      facts: {
        ...read,
        ...modprobeD('options vfio-pci ids=8086:154c'),
        ...lspci(
          device('0000:04:02.0', {
            vendor: '8086',
            device: '154c',
            name: 'XL710 Virtual Function',
            driver: 'vfio-pci',
          }),
          device('0000:04:02.1', { vendor: '8086', device: '154c', name: 'XL710 Virtual Function', driver: 'iavf' }),
        ),
        ...guests(guest(101, ['0000:04:02.0'])),
        ...elsewhere,
      },
    },
  },
  found: {
    'a card of the same kind that the host drives': {
      facts: { ...conf, ...lspci(one, twin) },
      target: 'device:17:00.0',
      severity: 'blocker',
      devices: ['0000:17:00.0', '0000:65:00.0'],
      saw: '0000:65:00.0 driver in use: nvidia',
      says: /10de:2504 in \/etc\/modprobe\.d\/vfio\.conf for 0000:17:00\.0.*0000:65:00\.0/,
      remedies: [],
    },
    'without a target, by what the guests get': {
      facts: { ...conf, ...lspci(one, twin), ...gets },
      severity: 'blocker',
    },
    'the ids stand on the running line': {
      facts: { ...onLine, ...lspci(one, twin), ...gets },
      severity: 'blocker',
      saw: 'vfio-pci.ids=10de:2504',
      says: /the kernel line/,
    },
    'the ids stand in the file of the next boot': {
      facts: {
        ...read,
        ...modprobeD(),
        ...defaultGrub(`quiet vfio-pci.ids=8086:1533,${id}`),
        ...lspci(one, twin),
        ...gets,
      },
      severity: 'blocker',
      says: /\/etc\/default\/grub/,
    },
    'another port of the card carries the host': {
      facts: {
        ...modprobeD('options vfio-pci ids=8086:1521'),
        ...lspci(port(0, 'igb'), port(1, 'vfio-pci')),
        ...guests(guest(101, ['0000:04:00.1'])),
        ...host(['nic', 'vmbr0', '0000:04:00.0']),
      },
      severity: 'blocker',
      devices: ['0000:04:00.1', '0000:04:00.0'],
      saw: 'nic vmbr0 0000:04:00.0',
    },
    'the ids are those of the host’s disk alone': {
      facts: {
        ...modprobeD('options vfio-pci ids=144d:a808'),
        ...lspci(device('0000:02:00.0', { class: '0108', vendor: '144d', device: 'a808', driver: 'nvme' })),
        ...host(['disk', 'rpool', '0000:02:00.0']),
      },
      severity: 'blocker',
    },
    'the console is on the twin': {
      facts: {
        ...conf,
        ...lspci(one, { ...twin, driver: null }),
        ...gets,
        ...host(['console', 'boot_vga', '0000:65:00.0']),
      },
      severity: 'blocker',
    },
    'the twin makes virtual cards for another guest': {
      facts: {
        ...conf,
        ...lspci(one, twin),
        ...guests(
          guest(101, ['0000:17:00']),
          guest(102, [], {
            hostpci: [{ key: 'hostpci0', addresses: ['0000:65:00.0'], mapping: null, options: { mdev: 'nvidia-47' } }],
          }),
        ),
      },
      severity: 'blocker',
    },
  },
  unknown: {
    'modprobe.d was not read': { facts: { ...read, ...lspci(one, twin) } },
    'the file of the next boot was not read': { facts: { ...line(`${byGrub} quiet`), ...modprobeD(), ...lspci(one) } },
    'who gets which card is not known': { facts: { ...read, ...conf, ...lspci(one, twin), ...elsewhere } },
    'what the host stands on is not known': {
      facts: { ...read, ...conf, ...lspci(one, { ...twin, driver: null }), ...gets },
    },
    'the id is narrowed to a subsystem, which lspci does not show': {
      facts: {
        ...read,
        ...modprobeD(`options vfio-pci ids=${id}:17aa:1613`),
        ...lspci(one, twin),
        ...gets,
        ...elsewhere,
      },
    },
  },
})
