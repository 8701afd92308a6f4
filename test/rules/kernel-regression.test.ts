import type { Facts } from '../../src/facts/facts.ts'
import { kernelRegression } from '../../src/rules/kernel-regression.ts'
import { device, failed, guest, guests, log, lspci, wholeLog } from './sample.ts'
import { testRule } from './test-rule.ts'

const denied =
  'kvm: -device vfio-pci,host=0000:00:02.1,id=hostpci0: vfio 0000:00:02.1: error getting device from group 16: Permission denied'
const kernels = (running: string, ...others: string[]): Facts => ({
  kernels: { installed: [...others, running], running, pinned: null, nextBoot: null, default: running },
})
const skylake = device('0000:00:02.0', { vendor: '8086', device: '1912' })
const leftOut = 'pci 0000:00:02.0: DMAR: Disabling IOMMU for graphics on this chipset'
const given = guests(guest(101, ['0000:00:02.0']))

testRule(kernelRegression, {
  ok: {
    'a kernel that is not on the list': { facts: { uname: '6.8.12-11-pve', ...failed(100, [denied]) } },
    'the fixed kernel': { facts: { uname: '6.8.12-13-pve', ...failed(100, [denied]) } },
    'a kernel of Ubuntu with the same numbers': { facts: { uname: '6.8.12-12-generic', ...failed(100, [denied]) } },
    'on the list, but the fault does not show': {
      facts: { uname: '6.8.12-12-pve', ...failed(100, ['kvm: vfio 0000:01:00.0: group 1 is not viable']) },
    },
    'the message concerns a device that nobody wants to give away': {
      facts: {
        uname: '6.8.12-4-pve',
        ...wholeLog(leftOut),
        ...lspci(skylake),
        ...guests(guest(101, ['0000:01:00.0'])),
      },
    },
    'older chipsets are left out for good reason': {
      facts: {
        uname: '6.8.12-4-pve',
        ...wholeLog(leftOut),
        ...lspci(device('0000:00:02.0', { vendor: '8086', device: '0046' })),
        ...given,
      },
    },
  },
  found: {
    'a virtual function is refused, and the last good kernel is at hand': {
      facts: { uname: '6.8.12-12-pve', ...failed(100, [denied]), ...kernels('6.8.12-12-pve', '6.8.12-11-pve') },
      severity: 'blocker',
      devices: ['0000:00:02.1'],
      saw: 'Permission denied',
      says: /proxmox-boot-tool kernel pin 6\.8\.12-11-pve/,
      remedies: ['boot-kernel'],
    },
    'the ESPs need a refresh': {
      facts: {
        uname: '6.8.12-12-pve',
        ...failed(100, [denied]),
        ...kernels('6.8.12-12-pve', '6.8.12-11-pve'),
        'boot-tool': { managed: true, booted: 'uefi', esps: [], warnings: [] },
      },
      says: /pin 6\.8\.12-11-pve && proxmox-boot-tool refresh/,
    },
    'the repaired kernel is installed and only waits for a reboot': {
      facts: {
        uname: '6.8.12-12-pve',
        ...failed(100, [denied]),
        kernels: {
          installed: ['6.8.12-11-pve', '6.8.12-12-pve', '6.8.12-13-pve'],
          running: '6.8.12-12-pve',
          pinned: null,
          nextBoot: null,
          default: '6.8.12-13-pve',
        },
      },
      says: /6\.8\.12-13-pve is installed .*reboot the node/,
    },
    'no other kernel of the series, so the newest older one': {
      facts: {
        uname: '6.14.8-1-bpo12-pve',
        ...failed(100, [denied]),
        ...kernels('6.14.8-1-bpo12-pve', '6.5.13-6-pve', '6.8.12-11-pve', '6.17.2-1-pve'),
      },
      says: /pin 6\.8\.12-11-pve"/,
    },
    'nothing good is installed': {
      facts: { uname: '6.8.12-12-pve', ...failed(100, [denied]), ...kernels('6.8.12-12-pve') },
      says: /repaired from 6\.8\.12-13-pve on, and 6\.8\.12-11-pve does not have it yet/,
    },
    'the release comes from the list of kernels': {
      facts: { ...kernels('6.14.8-1-pve'), ...failed(100, [denied]) },
    },
    'groups were merged, says QEMU': {
      facts: { uname: '6.8.12-29-pve', ...failed(100, ['kvm: vfio 0000:01:00.0: group 1 is not viable']) },
      severity: 'blocker',
    },
    'groups were merged, says QEMU in older words': {
      facts: { uname: '6.8.12-29-pve', ...failed(100, ['vfio error: 0000:01:00.0: group 1 is not viable']) },
    },
    'groups were merged, says the mapping': {
      facts: {
        uname: '6.8.12-29-pve',
        ...failed(
          100,
          [],
          "PCI device mapping invalid (hardware probably changed): 'iommugroup' does not match for 'gpu0' (1 != 15)",
        ),
      },
    },
    'Skylake graphics are left out of the IOMMU': {
      facts: { uname: '6.8.12-4-pve', ...log(leftOut), ...lspci(skylake), ...given },
      severity: 'blocker',
      devices: ['0000:00:02.0'],
      says: /repaired from 6\.8\.12-5-pve on\./,
    },
  },
  unknown: {
    'which kernel runs was not read': { facts: failed(100, [denied]) },
    'on the list, and the tasks were not read': { facts: { uname: '6.8.12-12-pve' } },
    'on the list, and the log does not reach back': {
      facts: { uname: '6.8.12-4-pve', ...log('DMAR: IOMMU enabled'), ...lspci(skylake), ...given },
    },
    'which graphics they are was not read': {
      facts: { uname: '6.8.12-4-pve', ...wholeLog(leftOut), ...given },
      target: 'device:00:02.0',
    },
  },
})
