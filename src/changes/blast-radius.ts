import type { Facts } from '../facts/facts.ts'
import type { Change } from './change.ts'

/** How many of a node's last reboots count. */
const LAST = 5

/** Running guests by kind and id (`qemu 101`), the form of plans and cards. */
export const runningGuests = (facts: Facts): readonly string[] =>
  (facts.running ?? []).map(({ kind, id }) => `${kind} ${id}`)

/** Running guests that do not start with the node (FACTS 8): after the reboot they stay off until somebody starts them. */
export function staysOff({ running, guests }: Facts): string[] {
  const starts = (kind: string, id: number) =>
    guests?.some((guest) => guest.kind === kind && guest.id === id && guest.onboot) ?? false
  return (running ?? []).filter(({ kind, id }) => !starts(kind, id)).map(({ kind, id }) => `${kind} ${id}`)
}

/** Guests that start with the node and are given devices: what they take at the next boot, also where the IOMMU has kept them from it so far. */
export const takesAtBoot = ({ guests }: Facts): string[] =>
  (guests ?? [])
    .filter(({ onboot, hostpci }) => onboot && hostpci.length > 0)
    .map(({ kind, id, hostpci }) => {
      const devices = hostpci.flatMap(({ mapping, addresses }) =>
        mapping === null ? addresses : [`mapping ${mapping}`],
      )
      return `${kind} ${id}: ${devices.join(', ')}`
    })

/** Modules that DKMS has built for the running kernel and not for the one that will boot. */
export function modulesMissing({ uname, upkeep }: Facts, kernel: string): string[] {
  const built = upkeep?.dkms ?? []
  const there = built.filter((one) => one.kernel === kernel).map(({ module }) => module)
  return [...new Set(built.filter((one) => one.kernel === uname).map(({ module }) => module))].filter(
    (module) => !there.includes(module),
  )
}

/** Seconds that the node's last reboots under our eyes took, their median; null where none is known. `closed`: newest first. */
export function usualAway(closed: readonly Change[], node: string): number | null {
  const away = closed
    .filter(({ plan }) => plan.node === node)
    .flatMap((change) => change.away ?? [])
    .slice(0, LAST)
    .toSorted((one, other) => one - other)
  return away[Math.floor(away.length / 2)] ?? null
}
