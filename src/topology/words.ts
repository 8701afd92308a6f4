import stringWidth from 'string-width'
import type { Owner } from './owners.ts'
import type { Device, Root, Topology } from './topology.ts'

/** One line without control characters and marks that turn the direction of writing. */
export const plain = (text: string): string => text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ').trim()

/** 01:00.0 of 0000:01:00.0; other domains stay. */
export const short = (address: string): string => address.replace(/^0000:/, '')

/** A line of at most so many columns; what is cut shows as …. */
export function fitted(text: string, columns: number): string {
  const line = plain(text)
  if (line.length <= columns && stringWidth(line) <= columns) return line
  let kept = ''
  for (const sign of line) {
    if (stringWidth(kept + sign) >= columns) break
    kept += sign
  }
  return `${kept}…`
}

/** `1 device`, `4 devices`. */
export const devicesIn = (count: number): string => `${count} ${count === 1 ? 'device' : 'devices'}`

/** What a device is. */
export const whatItIs = ({ kind, className }: Device): string =>
  kind === 'root-port' ? 'root port' : plain(className ?? '') || 'unknown device'

/** The driver's name; nothing where it was not read. */
export const driverWords = ({ driver }: Device): string | undefined =>
  driver === undefined ? undefined : driver === null ? 'no driver' : plain(driver)

/** What a virtual function belongs to, or how many there are of a physical one. */
export const functionWords = ({ physfn, virtuals }: Device): string | undefined =>
  physfn ? `VF of ${short(physfn)}` : virtuals ? `${virtuals} ${virtuals === 1 ? 'VF' : 'VFs'}` : undefined

/** `group 1`; nothing where it was not read. */
export const groupWords = ({ group }: Device): string | undefined =>
  group === undefined ? undefined : group === null ? 'no group' : `group ${group.id}`

/** A root of the tree as a heading. */
export function rootWords({ name, branches }: Root, { by, iommu }: Topology): string {
  if (by === 'paths') return `bus ${short(`${name}:`)}`.replace(/:$/, '')
  const size = branches[0]?.device.group?.size ?? 0
  if (by === 'groups') return name === null ? 'in no IOMMU group' : `IOMMU group ${name}, ${devicesIn(size)}`
  return iommu === 'off' ? 'all devices; the IOMMU is off, so there are no groups' : 'all devices'
}

/** What the diagnosis is narrowed to. */
export const aimWords = ({ aimed }: Device, { target }: Topology): string[] =>
  aimed && target !== null ? [`TARGET ${plain(target.replace('0000:', ''))}`] : []

/** Who has a device: `HOST disk / swap`, `GUEST vm 101 storage, stopped`. */
export function ownerWords(owners: readonly Owner[]): string[] {
  const host = Map.groupBy(
    owners.filter((owner) => owner.kind === 'host'),
    ({ use }) => use,
  )
  const uses = [...host].map(([use, all]) =>
    use === 'console' ? 'HOST console' : `HOST ${plain([use, ...all.map(({ name }) => name)].join(' '))}`,
  )
  return [...uses, ...owners.flatMap((owner) => (owner.kind === 'guest' ? [guestWords(owner)] : []))]
}

function guestWords({ guest, id, name, state, onboot }: Extract<Owner, { kind: 'guest' }>): string {
  const who = plain([guest, id || '', name ?? ''].filter(Boolean).join(' '))
  const now = state === 'unknown' ? '' : `, ${state}`
  return `GUEST ${who}${now}${onboot && state !== 'running' ? ', starts at boot' : ''}`
}

/**
 * The memory the firmware ties the device's group to: RMRR on Intel, where `direct` keeps it from every guest; IVMD on AMD
 * (FACTS 3). Bridges are given to nobody.
 */
export function regionWords({ kind, regions }: Device, { vendor }: Pick<Topology, 'vendor'>): string[] {
  if (kind !== 'device') return []
  const what = vendor === 'intel' ? 'RMRR' : vendor === 'amd' ? 'IVMD' : 'firmware memory'
  const so = vendor === 'intel' ? ': no guest can get it' : ''
  return regions.map((type) => (type === 'direct' ? `${what} direct${so}` : `${what} relaxable`))
}

/** Are the groups worth a word with every device? Not where they are the order of the tree, or where there are none. */
export const saysGroups = ({ by, iommu }: Topology): boolean => by === 'paths' && iommu !== 'off'

/** The meaning of the picture where it is not what one would expect. */
export const iommuWords = ({ by, iommu }: Topology): string | undefined =>
  by === 'paths' && iommu === 'off' ? 'The IOMMU is off, so there are no groups.' : undefined

const NOT_SAID: Readonly<Partial<Record<Topology['unread'][number], string>>> = {
  'pci-paths': 'which bridge a device hangs on',
  lspci: 'what the devices are and their drivers',
  'iommu-groups': 'the IOMMU groups',
  'reserved-regions': 'the memory that firmware reserves (RMRR)',
  'host-devices': 'what the host stands on',
  guests: 'which guests get a device',
  running: 'which guests run',
  mappings: 'what the mappings of guests stand for',
}

/** What the picture cannot show because it was not read; nothing when all was. */
export const unreadWords = ({ unread }: Topology): string | undefined =>
  unread.length === 0
    ? undefined
    : `Not read, so not shown: ${unread.map((name) => NOT_SAID[name] ?? name).join('; ')}.`
