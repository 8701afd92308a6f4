import type { Facts } from '../../src/facts/facts.ts'
import { guestConfig } from '../../src/rules/guest-config.ts'
import { conf, read } from './guest-text.ts'
import { device, failed, lspci } from './sample.ts'
import { testRule } from './test-rule.ts'

const gpu = device('0000:01:00.0')
const sound = device('0000:01:00.1', { class: '0403', className: 'Audio device' })
const usb = device('0000:01:00.2', { class: '0c03' })
const card = lspci(gpu, sound)
const none: Facts = { tasks: [] }
const q35 = { machine: 'q35', bios: 'ovmf' }
const version = (packages: Record<string, string>, manager: string | null = null): Facts => ({
  pveversion: { manager, running: null, packages },
})
const qemu = 'kvm: -device vfio-pci,host=0000:01:00.0,id=hostpci0,bus=ich9-pcie-port-1,addr=0x0'

testRule(guestConfig, {
  ok: {
    'no guest is given anything': { facts: { ...none, ...conf({ 101: { balloon: '1024', ide1: 'none' } }) } },
    'the whole card on q35': {
      facts: { ...none, ...card, ...conf({ 101: { ...q35, hostpci0: '0000:01:00,pcie=1' } }) },
    },
    'every function, named one by one': {
      facts: { ...none, ...card, ...conf({ 101: { ...q35, hostpci0: '01:00.0;01:00.1,pcie=on' } }) },
    },
    'every function, on lines of their own': {
      facts: { ...none, ...card, ...conf({ 101: { ...q35, hostpci0: '01:00.0', hostpci1: '01:00.1' } }) },
    },
    'a versioned q35 with options': {
      facts: {
        ...none,
        ...card,
        ...conf({ 101: { machine: 'pc-q35-8.1+pve0,viommu=intel', hostpci0: '01:00,pcie=1' } }),
      },
    },
    'pcie switched off on i440fx': { facts: { ...none, ...card, ...conf({ 101: { hostpci0: '01:00,pcie=0' } }) } },
    'x-vga with OVMF': {
      facts: { ...none, ...card, ...conf({ 101: { ...q35, hostpci0: '01:00,pcie=1,x-vga=1' } }) },
    },
    'one port of a network card': {
      facts: {
        ...none,
        ...lspci(device('0000:02:00.0', { class: '0200' }), device('0000:02:00.1', { class: '0200' })),
        ...conf({ 101: { hostpci0: '02:00.0' } }),
      },
    },
    'graphics of the chipset: the other functions of its slot are none of its own': {
      facts: {
        ...none,
        ...lspci(device('0000:00:02.0', { vendor: '8086' }), device('0000:00:02.1', { vendor: '8086', class: '0403' })),
        ...conf({ 101: { hostpci0: '00:02.0' } }),
      },
    },
    'graphics of an APU: the USB controllers in its slot are of another maker': {
      facts: {
        ...none,
        ...lspci(device('0000:0c:00.0', { vendor: '1002' }), device('0000:0c:00.3', { vendor: '1022', class: '0c03' })),
        ...conf({ 101: { hostpci0: '0c:00.0' } }),
      },
    },
    'a virtual function of a graphics card': {
      facts: {
        ...none,
        ...lspci(device('0000:03:00.1', { class: '0380' }), device('0000:03:00.2', { class: '0403' })),
        ...read('pci-sysfs', '0000:03:00.1 physfn=0000:03:00.0\n0000:03:00.2 physfn='),
        ...conf({ 101: { hostpci0: '03:00.1' } }),
      },
    },
    'a mediated device leaves its card where it is': {
      facts: { ...none, ...card, ...conf({ 101: { hostpci0: '01:00.0,mdev=nvidia-63' } }) },
    },
    'one mapping with two alternatives, on two lines': {
      facts: {
        ...none,
        ...card,
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
        ...conf({ 101: { hostpci0: 'mapping=gpu', hostpci1: 'mapping=gpu' } }),
      },
    },
    'ballooning that cannot shrink': { facts: { ...none, ...conf({ 101: { hostpci0: '01:00', balloon: '8192' } }) } },
    'ballooning that is off': { facts: { ...none, ...conf({ 101: { hostpci0: '01:00', balloon: '0' } }) } },
    'IDE on q35 by a version that can': {
      facts: {
        ...none,
        ...version({ 'qemu-server': '8.0.7' }),
        ...conf({ 101: { ...q35, hostpci0: '01:00', ide1: 'none' } }),
      },
    },
    'the usual CD drive on q35': {
      facts: { ...none, ...conf({ 101: { ...q35, hostpci0: '01:00', ide2: 'none,media=cdrom' } }) },
    },
    'the trouble is in a snapshot': {
      facts: { ...none, ...read('guests', 'memory: 1\nhostpci0: 01:00\n[old]\nhostpci0: 01:00,pcie=1\n') },
    },
    'another guest has the trouble': {
      facts: { ...none, ...conf({ 101: { hostpci0: '01:00' }, 102: { hostpci0: '02:00,pcie=1' } }) },
      target: 'vm:101',
    },
    'another device has the trouble': {
      facts: { ...none, ...conf({ 101: { hostpci0: '01:00', hostpci1: '02:00,pcie=1' } }) },
      target: 'device:01:00.0',
    },
    'a start failed for something else': {
      facts: {
        ...failed(101, [`${qemu}: vfio 0000:01:00.0: group 1 is not viable`]),
        ...conf({ 101: { hostpci0: '01:00' } }),
      },
    },
    'a CPU flag that the host has not': {
      facts: {
        ...failed(101, ["kvm: warning: host doesn't support requested feature: CPUID.07H:EBX.hle [bit 4]"]),
        ...conf({ 101: { hostpci0: '01:00' } }),
      },
    },
  },
  found: {
    'pcie=1 on i440fx': {
      facts: { ...card, ...conf({ 101: { hostpci0: '0000:01:00,pcie=1' } }) },
      severity: 'warning',
      devices: ['0000:01:00.0', '0000:01:00.1'],
      saw: 'hostpci0: 0000:01:00,pcie=1',
      says: /^Guest 101 has pcie=1 without the machine type q35: qm set 101 --machine q35\.$/,
    },
    'pcie=1 on an i440fx that is named, in a part of a configuration': {
      facts: read('guests', 'hostpci0: 01:00,pcie=1\nmachine: pc-i440fx-8.1\n'),
      says: /^The guest has pcie=1 .* qm set <vmid> --machine q35/,
    },
    'and Proxmox did not start it': {
      facts: {
        ...failed(101, [], 'q35 machine model is not enabled at /usr/share/perl5/PVE/QemuServer/PCI.pm line 501.'),
        ...conf({ 101: { hostpci0: '01:00,pcie=1' } }),
      },
      severity: 'blocker',
      says: /Guest 101 did not start because .* qm set 101 --machine q35/,
    },
    'the start failed before the machine type was changed': {
      facts: {
        ...card,
        ...failed(101, [], 'q35 machine model is not enabled'),
        ...conf({ 101: { ...q35, hostpci0: '01:00,pcie=1' } }),
      },
      severity: 'notice',
    },
    'x-vga without OVMF': {
      facts: conf({ 101: { hostpci0: '01:00,x-vga=1,rombar=0', bios: 'seabios' } }),
      severity: 'warning',
      saw: 'bios: seabios',
      says: /only screen.*: qm set 101 --hostpci0 01:00; install/,
    },
    'QEMU says that there is no legacy VGA': {
      facts: failed(101, [
        `${qemu},x-vga=on: vfio 0000:01:00.0: failed getting region info for VGA region index 8: Invalid argument`,
        'device does not support requested feature x-vga',
      ]),
      severity: 'blocker',
      devices: ['0000:01:00.0'],
      saw: 'requested feature x-vga',
    },
    'the graphics without their sound': {
      facts: { ...card, ...conf({ 101: { ...q35, hostpci0: '0000:01:00.0,pcie=1,romfile=a.rom' } }) },
      severity: 'warning',
      devices: ['0000:01:00.0', '0000:01:00.1'],
      says: /without 0000:01:00.1 .*: qm set 101 --hostpci0 0000:01:00,pcie=1,romfile=a.rom\.$/,
    },
    'beside a function of another maker only its own are named': {
      facts: {
        ...lspci(gpu, sound, device('0000:01:00.3', { vendor: '1022', class: '0c03' })),
        ...conf({ 101: { hostpci0: '01:00.0' } }),
      },
      says: /qm set 101 --hostpci0 '0000:01:00.0;0000:01:00.1'/,
    },
    'graphics of a mapping without their USB': {
      facts: {
        ...lspci(gpu, usb),
        mappings: [
          { name: 'gpu', entries: [{ node: 'node1', id: '10de:2504', paths: ['0000:01:00.0'], iommuGroup: 1 }] },
        ],
        ...conf({ 101: { hostpci0: 'mapping=gpu' } }),
      },
      says: /write path=0000:01:00 in the mapping gpu/,
    },
    'ballooning with passthrough': {
      facts: conf({ 101: { hostpci0: '01:00', balloon: '2048', memory: 'current=16384' } }),
      severity: 'warning',
      saw: 'balloon: 2048',
      says: /qm set 101 --balloon 0/,
    },
    'IDE on q35 by an old version': {
      facts: { ...version({ 'qemu-server': '7.4-4' }), ...conf({ 101: { ...q35, hostpci0: '01:00', ide1: 'none' } }) },
      says: /ide1 .*: qm set 101 --delete ide1; then attach/,
    },
    'IDE on q35 by an old release': {
      facts: { ...version({}, '7.4-18'), ...conf({ 101: { ...q35, hostpci0: '01:00', ide3: 'none' } }) },
      saw: 'ide3: none',
    },
    'QEMU could not create the IDE unit': {
      facts: failed(104, [
        "kvm: -device ide-cd,bus=ide.0,unit=1,drive=drive-ide1,id=ide1: Can't create IDE unit 1, bus supports only 1 units",
      ]),
      severity: 'blocker',
      saw: "Can't create IDE unit",
    },
    'one device on two lines, a slot and its function': {
      facts: { ...card, ...conf({ 101: { hostpci0: '01:00', hostpci3: '0000:01:00.1' } }) },
      saw: 'hostpci3: 0000:01:00.1',
      says: /qm set 101 --delete hostpci3/,
    },
    'and Proxmox refused it': {
      facts: failed(101, [], "device '0000:01:00.1' assigned more than once"),
      severity: 'blocker',
      devices: ['0000:01:00.1'],
      says: /0000:01:00.1 stands in two/,
    },
    'an address and a mapping at once': {
      facts: { mappings: [], ...conf({ 101: { hostpci0: '01:00,mapping=gpu' } }) },
      says: /both an address and a mapping/,
    },
    'neither an address nor a mapping': {
      facts: conf({ 101: { hostpci0: 'pcie=0' } }),
      says: /neither an address nor a mapping/,
    },
    'a bridge': {
      facts: { ...lspci(device('0000:00:1c.0', { class: '0604' })), ...conf({ 101: { hostpci0: '00:1c.0' } }) },
      devices: ['0000:00:1c.0'],
    },
    'QEMU will have no bridge': {
      facts: failed(101, ['vfio 0000:00:1c.0: assignment of PCIe type 0x40 devices is not currently supported']),
      severity: 'blocker',
    },
    'legacy-igd on q35 with a screen': {
      facts: conf({ 101: { machine: 'q35', hostpci0: '00:02.0,legacy-igd=1,pcie=1', vga: 'std' } }),
      says: /qm set 101 --machine pc --vga none --hostpci0 00:02.0,legacy-igd=1/,
    },
    'Proxmox refused legacy-igd': {
      facts: failed(101, [], "legacy IGD assignment requires VGA mode to be 'none'"),
      severity: 'blocker',
    },
    'the ROM file is not there': {
      facts: failed(101, [`${qemu},romfile=/usr/share/kvm/a.rom: failed to find romfile "/usr/share/kvm/a.rom"`]),
      severity: 'blocker',
      says: /romfile/,
    },
    'a slot of the guest is taken': {
      facts: failed(101, [
        'kvm: -device vfio-pci,host=01:00.0,addr=0x2: PCI: slot 2 function 0 not available for vfio-pci, in use by VGA,id=vga',
      ]),
      severity: 'blocker',
    },
    'a device in another domain': {
      facts: {
        ...lspci(device('10000:01:00.0'), device('10000:01:00.1', { class: '0403' })),
        ...conf({ 101: { hostpci0: '10000:01:00.0' } }),
      },
      devices: ['10000:01:00.0', '10000:01:00.1'],
      target: 'device:10000:01:00.0',
    },
  },
  unknown: {
    'the machine type of a part of a configuration': {
      facts: { ...none, ...card, ...read('guests', 'hostpci0: 01:00,pcie=1\n') },
    },
    'the firmware of a part of a configuration': {
      facts: { ...none, ...card, ...read('guests', 'hostpci0: 01:00,x-vga=1\nmachine: q35\n') },
    },
    'no failed start was read': { facts: conf({ 101: { hostpci0: '01:00' } }) },
    'nobody knows what else is on the card': { facts: { ...none, ...conf({ 101: { hostpci0: '01:00.0' } }) } },
    'a mapping that was not read': { facts: { ...none, ...card, ...conf({ 101: { hostpci0: 'mapping=gpu' } }) } },
    'IDE on q35 by nobody knows which version': {
      facts: { ...none, ...conf({ 101: { ...q35, hostpci0: '01:00', ide1: 'none' } }) },
    },
    'IDE on q35 by a release that had both': {
      facts: { ...none, ...version({}, '8.0.4'), ...conf({ 101: { ...q35, hostpci0: '01:00', ide1: 'none' } }) },
    },
    'the guest that is asked about was not read': {
      facts: { ...none, ...conf({ 101: { hostpci0: '01:00' } }) },
      target: 'vm:102',
    },
  },
})
