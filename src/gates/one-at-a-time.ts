import type { Change } from '../changes/change.ts'
import type { Gate } from '../changes/gate.ts'

/** Of one cluster one node is away at a time. Of two that are both prepared, the one that was cleared first goes. */
export const oneAtATime: Gate = {
  id: 'one-at-a-time',
  inPlace: false,
  closed: ({ facts: { cluster }, others, change, plan }) => {
    const name = cluster?.name ?? null
    if (name === null) return null
    const first = others.find(
      (other) =>
        other.plan.node !== plan.node && other.plan.reboot && clusterOf(other) === name && goesFirst(other, change),
    )
    return first
      ? {
          because: `${first.plan.node} of the same cluster is in change ${first.id} (${first.state})`,
          opens: `wait until that is over: /pcie status ${first.id}`,
        }
      : null
  },
}

/** Known of a change once it was cleared. */
const clusterOf = (change: Change): string | null => ('before' in change ? change.before.cluster : null)

function goesFirst(other: Change, change: Change | null): boolean {
  const prepared = ['arming', 'armed']
  if (!change || !prepared.includes(change.state) || !prepared.includes(other.state)) return true
  return orderOf(other) < orderOf(change)
}

const orderOf = ({ createdAt, id }: Change): string => `${createdAt} ${id}`
