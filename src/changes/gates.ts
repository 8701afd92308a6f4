import type { Facts } from '../facts/facts.ts'
import type { Before } from './change.ts'
import type { Policy } from './policy.ts'

/** Running guests by kind and id (`qemu 101`), the form of plans and cards. */
export const runningGuests = (facts: Facts): readonly string[] =>
  (facts.running ?? []).map(({ kind, id }) => `${kind} ${id}`)

/** Why running guests stand in the way of a reboot; undefined where there are none, or the policy shuts them down. */
export const closedByGuests = (policy: Policy, running: readonly string[]): string | undefined =>
  policy.guests === 'refuse' && running.length > 0
    ? `guests are running (${running.join(', ')}) and the policy does not shut them down: stop or migrate them first`
    : undefined

/** Whether the node's own boot has not come to its end yet. */
export const isStarting = ({ health }: Facts): boolean =>
  health?.system === 'initializing' || health?.system === 'starting'

/** Why the node must not be rebooted now, in sentences; empty = nothing stands in the way. What cannot be read is closed. */
export function closedGates(policy: Policy, facts: Facts): readonly string[] {
  const out: string[] = []
  if (!facts.health)
    out.push('the state of NICs, mounts and units could not be read, so the trial could not be checked')
  if (isStarting(facts)) out.push('the node is still starting')
  if (facts.health?.system === 'stopping') out.push('the node is shutting down')
  if (!facts['pci-sysfs']) out.push('the PCI devices could not be read, so the trial could not be checked')
  out.push(...closedByCluster(facts))
  if (!facts.running || !facts.guests) out.push('the guests of the node could not be read')
  const guests = closedByGuests(policy, runningGuests(facts))
  if (guests) out.push(guests)
  if (!facts.locks) out.push('whether a backup, a migration or a package installation is running could not be read')
  for (const lock of facts.locks ?? []) out.push(`the node is busy: ${lock}`)
  return out
}

/** Why a change that no boot has to try must not be made now, in sentences. */
export function closedInPlace(facts: Facts): readonly string[] {
  if (!facts.health || !facts['pci-sysfs']) return ['the state of the node could not be read']
  if (!facts.locks) return ['whether a backup, a migration or a package installation is running could not be read']
  return facts.locks.map((lock) => `the node is busy: ${lock}`)
}

/** The other nodes of a cluster need a majority while this one reboots (FACTS 8). */
function closedByCluster({ cluster }: Facts): string[] {
  if (!cluster) return ['the state of the cluster could not be read']
  const { members, quorate, expectedVotes, totalVotes } = cluster
  if (quorate === false) return ['the cluster has no quorum']
  if ((members ?? 1) <= 1) return []
  if (expectedVotes === null || totalVotes === null) return ['the votes of the cluster could not be read']
  return totalVotes - 1 > expectedVotes / 2
    ? []
    : [`without this node the cluster loses its quorum (${totalVotes} of ${expectedVotes} votes)`]
}

/** What the check after the trial compares with. Call it behind open gates. */
export function beforeOf(facts: Facts): Before {
  const { health, 'pci-sysfs': devices } = facts
  if (!health || !devices) throw new Error('the gates let a node through that could not be read')
  const onboot = (facts.guests ?? []).filter((guest) => guest.onboot).map(({ kind, id }) => `${kind} ${id}`)
  return { health, running: [...runningGuests(facts)], onboot, devices: devices.map(({ address }) => address) }
}
