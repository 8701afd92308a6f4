import type { Guests } from '../facts/probes/guests.ts'

type Guest = Guests[number]

/** Is it the whole configuration? A text without any of the keys that every guest has is a part, and proves nothing by what it lacks. */
export const isWhole = ({ config }: Guest): boolean =>
  ['memory', 'ostype', 'smbios1', 'vmgenid', 'boot', 'scsihw'].some((key) => config[key] !== undefined)

/** Has the guest the machine type q35 (`q35`, `pc-q35-8.1`, `type=q35,viommu=intel`)? Without a line it is i440fx. Null where only a part was read. */
export function isQ35(guest: Guest): boolean | null {
  const { machine } = guest.config
  if (machine !== undefined) return /q35/.test(machine)
  return isWhole(guest) ? false : null
}

/** Does the guest boot with OVMF? Without a line it is SeaBIOS. Null where only a part was read. */
export function hasOvmf(guest: Guest): boolean | null {
  if (guest.config.bios !== undefined) return guest.config.bios === 'ovmf'
  return isWhole(guest) ? false : null
}

/** The memory a guest is configured with, in MiB (`memory: 8192`, or `current=8192`); null where no such line was read. */
export function memoryOf({ config }: Guest): number | null {
  const [, mib] = /^(?:current=)?(\d{1,9})\b/.exec(config.memory ?? '') ?? []
  return mib === undefined ? null : Number(mib)
}

/** How many vCPUs the guest has: `vcpus`, else cores × sockets. */
export function vcpusOf({ config }: Guest): number {
  const count = (key: string) => Number(/^\d{1,4}$/.exec(config[key] ?? '')?.[0] ?? 1)
  return config.vcpus === undefined ? count('cores') * count('sockets') : count('vcpus')
}

/** How the guest is called in a sentence; one whose number was not read is "the guest". */
export const guestName = (id: number | null): string => (id ? `guest ${id}` : 'the guest')

/** How the guest stands in a command. */
export const vmid = (id: number | null): string => (id ? String(id) : '<vmid>')
