import type { Facts } from '../../src/facts/facts.ts'
import { device, lspci } from '../rules/sample.ts'

type Device = NonNullable<Facts['lspci']>[number]

/** A node whose graphics card, in use by its driver, is to go to a guest. */
export const gpu = device('0000:01:00.0', { driver: 'nouveau', modules: ['nvidiafb', 'nouveau'] })
export const disk = device('0000:00:17.0', {
  class: '0106',
  vendor: '8086',
  device: 'a352',
  driver: 'ahci',
  modules: ['ahci'],
})
export const ailment = { cause: 'host-driver-bound', devices: ['0000:01:00.0'] }

export const node = (devices: readonly Device[] = [gpu, disk], more: Facts = {}): Facts => ({
  cmdline: { line: 'ro quiet', words: ['ro', 'quiet'] },
  uname: '6.8.12-4-pve',
  ...lspci(...devices),
  lsmod: ['nouveau', 'ahci', 'nvidia', 'nvidia_drm', 'snd_hda_intel', 'igb', 'xhci_pci', 'xhci_hcd'],
  'host-devices': [{ use: 'disk', name: '/', address: '0000:00:17.0' }],
  'pci-sysfs': devices.map(({ address }) => sysfs(address)),
  'modprobe-d': [{ path: '/etc/modprobe.d/pve-blacklist.conf', line: 'blacklist nvidiafb' }],
  modules: [],
  guests: [],
  ...more,
})

export const sysfs = (address: string, physfn: string | null = null): NonNullable<Facts['pci-sysfs']>[number] => ({
  address,
  resetMethods: ['bus'],
  bootVga: null,
  d3coldAllowed: null,
  powerState: null,
  numaNode: null,
  driverOverride: null,
  sriovVfs: null,
  physfn,
})

export const cmdline = (line: string): Facts => ({ cmdline: { line, words: line.split(' ') } })

/** The same node, seen without one probe. */
export function without(facts: Facts, probe: keyof Facts): Facts {
  const { [probe]: _, ...rest } = facts
  return rest
}
