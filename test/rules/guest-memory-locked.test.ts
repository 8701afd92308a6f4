import type { Facts } from '../../src/facts/facts.ts'
import { guestMemoryLocked } from '../../src/rules/guest-memory-locked.ts'
import { conf } from './guest-text.ts'
import { failed, log } from './sample.ts'
import { testRule } from './test-rule.ts'

const memory = (totalKib: number | null): Facts => ({
  memory: { totalKib, availableKib: 1000, hugePagesTotal: 0, memlockKib: 64 },
})
const seen: Facts = { tasks: [], ...log('Linux version 6.8'), ...memory(32_000_000) }
const guest = conf({ 101: { hostpci0: '07:00.0' } })
const on = 'kvm: -device vfio-pci,host=0000:07:00.0,id=hostpci0,bus=pci.2,addr=0x0'
const setup = 'vfio 0000:07:00.0: failed to setup container for group 49'
const region =
  'memory listener initialization failed: Region pc.ram: vfio_dma_map(0x648f08f946c0, 0x0, 0x80000000, 0x715dc0000000)'
const blocks = (...lines: string[]) => ({ facts: failed(101, lines), severity: 'blocker' as const })

testRule(guestMemoryLocked, {
  ok: {
    'no start failed': { facts: { ...seen, ...guest } },
    'a refusal for an RMRR begins with the same words': {
      facts: {
        ...seen,
        ...guest,
        ...failed(101, [`${on}: ${setup}: Failed to set iommu for container: Operation not permitted`]),
      },
    },
    'and so does the newer one': {
      facts: {
        ...seen,
        ...guest,
        ...failed(101, [`${on}: ${setup}: Failed to set group container: Invalid argument`]),
      },
    },
    'a range of a BAR that is not mapped is no reason': {
      facts: {
        ...seen,
        ...guest,
        ...failed(101, [
          'kvm: VFIO_MAP_DMA failed: Invalid argument',
          'kvm: vfio_container_dma_map(0x5ae448831540, 0x3ffc00000000, 0x400000000, 0x706d10000000) = -22 (Invalid argument)',
          'kvm: vfio 0000:07:00.0: group 1 is not viable',
        ]),
      },
    },
    'a low limit for locked memory does not bind root': { facts: { ...seen, ...guest } },
    'a guest without a device may be larger than the host': {
      facts: { ...seen, ...conf({ 101: { memory: '999999' } }) },
    },
    'another guest failed for it': {
      facts: {
        ...seen,
        ...conf({ 101: { hostpci0: '07:00.0' }, 102: { hostpci0: '08:00.0' } }),
        ...failed(102, [`kvm: -device vfio-pci,host=0000:08:00.0: VFIO_MAP_DMA failed: Cannot allocate memory`]),
      },
      target: 'vm:101',
    },
  },
  found: {
    'not enough could be locked': {
      facts: {
        ...failed(101, [
          `${on}: VFIO_MAP_DMA failed: Cannot allocate memory`,
          `${on}: ${setup}: ${region} = -12 (Cannot allocate memory)`,
        ]),
      },
      severity: 'blocker',
      devices: ['0000:07:00.0'],
      says: /Guest 101 did not start because the host could not lock its memory.*qm set 101 --memory/,
    },
    'the words of QEMU 4': blocks('kvm: VFIO_MAP_DMA: -12'),
    'the words of QEMU 4 for the container': blocks(
      `${on}: ${setup}: memory listener initialization failed for container: Cannot allocate memory`,
    ),
    'the words of QEMU 9': blocks(
      `${on}: ${setup}: memory listener initialization failed: Region mem0: vfio_container_dma_map(0x5, 0x0, 0x8, 0x7) = -12 (Cannot allocate memory)`,
    ),
    'by iommufd': blocks('kvm: IOMMU_IOAS_MAP failed: Cannot allocate memory'),
    'while it ran up': blocks('qemu: hardware error: vfio: DMA mapping failed, unable to continue'),
    'a part of it is not there': {
      ...blocks(`${on}: VFIO_MAP_DMA failed: Bad address`, `${on}: ${setup}: ${region} = -14 (Bad address)`),
      says: /bad address.*--balloon 0/,
    },
    'a part of it is out of reach': {
      ...blocks(`${on}: ${setup}: ${region} = -22 (Invalid argument)`),
      says: /address width.*phys-bits/,
    },
    'another number': blocks(
      `${on}: ${setup}: memory listener initialization failed: Region pc.bios: vfio_container_dma_map (0x5632ad2e1e80, 0xfffc0000, 0x40000, 0x7fdf48200000) = -2 (No such file or directory)`,
    ),
    'QEMU got no memory': blocks("kvm: cannot set up guest memory 'pc.ram': Cannot allocate memory"),
    'QEMU got no huge pages': blocks(
      'kvm: -object memory-backend-file,id=ram-node0: unable to map backing store for guest RAM: Cannot allocate memory',
    ),
    'Proxmox got no huge pages': {
      facts: failed(101, [], 'hugepage allocation failed at /usr/share/perl5/PVE/QemuServer/Memory.pm line 731.'),
      severity: 'blocker',
    },
    'only the kernel says so': {
      facts: log('vfio_pin_pages_remote: RLIMIT_MEMLOCK (65536) exceeded'),
      severity: 'blocker',
      saw: 'RLIMIT_MEMLOCK',
    },
    'the kernel said so, and no start has failed for it': {
      facts: { ...log('vfio_pin_pages_remote: RLIMIT_MEMLOCK (65536) exceeded'), tasks: [] },
      severity: 'notice',
    },
    'the guest is larger than the host': {
      facts: { ...conf({ 101: { hostpci0: '07:00.0', memory: '65536' } }), ...memory(32_000_000) },
      severity: 'blocker',
      saw: 'MemTotal: 32000000 kB',
      says: /65536 MiB .* 31250 MiB of the host: qm set 101 --memory/,
    },
  },
  unknown: {
    'no task was read': { facts: { ...guest, ...log('x'), ...memory(32_000_000) } },
    'no kernel log was read': { facts: { ...guest, tasks: [], ...memory(32_000_000) } },
    'the memory of the host was not read': { facts: { ...guest, tasks: [], ...log('x') } },
    'the guests were not read': { facts: seen },
  },
})
