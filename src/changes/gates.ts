import type { Facts } from '../facts/facts.ts'
import { runningGuests } from './blast-radius.ts'
import type { Before } from './change.ts'
import type { Closed } from './gate.ts'
import type { Policy } from './policy.ts'

/** Why running guests stand in the way of a reboot; null where there are none, or the policy shuts them down. */
export const closedByGuests = (policy: Policy, running: readonly string[]): Closed | null =>
  policy.guests === 'refuse' && running.length > 0
    ? {
        because: `guests are running (${running.join(', ')}) and the policy does not shut them down`,
        opens: 'stop or migrate them first',
      }
    : null

/** Whether the node's own boot has not come to its end yet. */
export const isStarting = ({ health }: Facts): boolean =>
  health?.system === 'initializing' || health?.system === 'starting'

/** What the check after the trial compares with. Call it behind open gates. */
export function beforeOf(facts: Facts): Before {
  const { health, 'pci-sysfs': devices } = facts
  if (!health || !devices) throw new Error('the gates let a node through that could not be read')
  const onboot = (facts.guests ?? []).filter((guest) => guest.onboot).map(({ kind, id }) => `${kind} ${id}`)
  const groups = Object.fromEntries((facts['iommu-groups'] ?? []).map((group) => [String(group.id), group.devices]))
  const cluster = facts.cluster?.name ?? null
  return {
    health,
    groups,
    cluster,
    running: [...runningGuests(facts)],
    onboot,
    devices: devices.map(({ address }) => address),
  }
}
