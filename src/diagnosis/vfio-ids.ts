import { optionValues, readModprobeConfig } from '../bootconfig/modprobe-config.ts'
import type { Facts } from '../facts/facts.ts'
import type { Lspci } from '../facts/probes/lspci.ts'
import type { ProbeName } from '../facts/probes.ts'
import { bootFiles } from './boot-files.ts'
import { tokensOf } from './kernel-line.ts'
import type { Evidence } from './rule.ts'

/** One id of vfio-pci's list: `vendor:device[:subvendor:subdevice[:class[:mask]]]` in hex digits (FACTS 2.2). */
export interface PciId {
  readonly vendor: number
  readonly device: number
  /** Narrowed to a subsystem, which lspci -nnk does not always show. */
  readonly narrowed: boolean
  readonly class: number
  readonly mask: number
}

/** The kernel's PCI_ANY_ID. */
const ANY = 0xffffffff

/** Reads one id; null for what is none, an address (`01:00.0`) above all. */
export function readPciId(token: string): PciId | null {
  if (!/^(?:0x)?[0-9a-f]{4,8}:(?:0x)?[0-9a-f]{4,8}(?::(?:0x)?[0-9a-f]{1,8}){0,4}$/i.test(token)) return null
  const [vendor = ANY, device = ANY, subvendor = ANY, subdevice = ANY, code = 0, mask = 0] = token
    .split(':')
    .map((part) => Number.parseInt(part, 16))
  return { vendor, device, narrowed: subvendor !== ANY || subdevice !== ANY, class: code, mask }
}

/** Does the id take the device, as far as lspci shows? The programming interface (last byte of the class) is left out. */
export function takes(id: PciId, device: Lspci[number]): boolean {
  const same = (wanted: number, hex: string) => wanted === ANY || wanted === Number.parseInt(hex, 16)
  const differs = (Number.parseInt(device.class, 16) * 256) ^ id.class
  return same(id.vendor, device.vendor) && same(id.device, device.device) && (differs & id.mask & 0xffff00) === 0
}

/** An id that vfio-pci is told to take, and where that stands. */
export interface GivenId {
  readonly token: string
  readonly id: PciId
  /** The file, or `the kernel line`. */
  readonly place: string
  readonly evidence: Evidence
}

/** All ids that vfio-pci is told to take: in modprobe.d, on the running line, and in the file of the next boot. `unread`: where else they may stand. */
export function vfioIds(facts: Facts): { given: GivenId[]; unread: ProbeName[] } {
  const { cmdline, 'modprobe-d': modprobeD } = facts
  const files = bootFiles(facts)
  const file = files?.right ?? null
  const given: GivenId[] = []
  const add = (tokens: readonly string[], place: string, evidence: Evidence) => {
    for (const token of tokens) {
      const id = readPciId(token)
      if (id && !given.some((one) => one.token === token && one.evidence.saw === evidence.saw))
        given.push({ token, id, place, evidence })
    }
  }
  for (const { path, line, value } of optionValues(readModprobeConfig(modprobeD ?? []), 'vfio-pci', 'ids'))
    add(value.split(','), path, { saw: line, probe: 'modprobe-d' })
  for (const saw of cmdline?.words ?? [])
    add(tokensOf([saw], 'vfio-pci.ids'), 'the kernel line', { saw, probe: 'cmdline' })
  for (const saw of file?.words ?? [])
    if (files && file) add(tokensOf([saw], 'vfio-pci.ids'), files.rightPath, { saw, probe: file.probe })
  const unread: ProbeName[] = [
    ...(modprobeD ? [] : ['modprobe-d' as const]),
    ...(cmdline ? [] : ['cmdline' as const]),
    ...(file?.whole ? [] : ['default-grub' as const, 'default-grub-d' as const]),
  ]
  return { given, unread }
}
