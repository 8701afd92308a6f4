import { quorumOf } from '../changes/approval.ts'
import type { Change, In, Outcome } from '../changes/change.ts'
import type { Policy } from '../changes/policy.ts'
import type { Block } from './card.ts'
import { REACTIONS, type Reactions } from './reactions.ts'
import { menuBlocks } from './rescue-card.ts'
import { lasting, listed, utc } from './words.ts'

/** What happens next and what a person may do, in every state. */
export function nextBlocks(change: Change, policy: Policy, reactions: Reactions = REACTIONS): Block[] {
  if (change.state === 'proposed') return [{ type: 'text', text: howToApprove(change, policy, reactions) }]
  if (change.state !== 'closed') return [{ type: 'text', text: underWay(change, policy) }]
  const afterwards = change.plan.reboot ? AFTERWARDS : { ...AFTERWARDS, ...AFTER_MENDING }
  const text = afterwards[change.outcome].replaceAll('NODE', change.plan.node).replaceAll('CHANGE', change.id)
  return [{ type: 'text', text }, ...(change.outcome === 'stuck' && change.plan.reboot ? menuBlocks(change) : [])]
}

function howToApprove(change: In<'proposed'>, policy: Policy, { yes, no }: Reactions): string {
  const { id, plan, requestedBy } = change
  const quorum = quorumOf(change, policy)
  const needed = quorum === 1 ? 'One approval starts it' : `${quorum} approvals start it`
  const own = policy.selfApproval ? '' : ` ${requestedBy.name} asked for it and cannot approve it.`
  return [
    `React ${yes} on this message to approve, ${no} to deny; or type /pcie approve ${id}, /pcie deny ${id}.`,
    nobodyLeft(change, policy)
      ? `Nobody can approve it: ${requestedBy.name} asked for it, and the policy wants somebody else's approval. /pcie cancel ${id}, and have another person ask.`
      : `${needed}. May approve: ${listed(policy.approvers, 'or')}.${own}`,
    plan.reboot
      ? `Nothing is touched before that. Unless the trial is confirmed, the guard takes ${plan.node} back ${lasting(policy.guardDeadline)} after the trial's start.`
      : `Nothing is touched before that, and ${plan.node} is not rebooted.`,
  ].join('\n')
}

/** Whether the approvers without the one who asked are too few; who is in a group is not known here. */
function nobodyLeft(change: Change, policy: Policy): boolean {
  if (policy.selfApproval || policy.approvers.some((id) => /^(slack:group|discord:role):/.test(id))) return false
  const others = new Set(policy.approvers.filter((id) => id !== change.requestedBy.id))
  return others.size < quorumOf(change, policy)
}

function underWay(change: Exclude<Change, { state: 'proposed' | 'closed' }>, policy: Policy): string {
  const { node } = change.plan
  switch (change.state) {
    case 'approved':
      return `${node} is read once more: only if the plan comes out the same does anything happen. /pcie cancel ${change.id} still stops it.`
    case 'mending':
      return `It is being done on ${node}, and ${node} is looked at again afterwards.`
    case 'arming':
      if (!change.plan.reboot) return `Copies of what is changed are put aside on ${node}, with the way back.`
      return `Backups, the trial entry and the guard are written on ${node} and read back. Its permanent configuration is untouched.`
    case 'armed':
      return `The rescue text goes out first; ${node} reboots once the chat has acknowledged it.`
    case 'rebooting':
      return `${node} is starting the trial. Nothing permanent has been written. Unless the bot confirms it, the guard reboots it into the old configuration ${lasting(policy.guardDeadline)} after its start. People are called at ${utc(after(change.since, policy.guardDeadline + policy.rebootDeadline))} if it is not back.`
    case 'verifying':
      return `The trial is up. Checked now: the arguments are live${change.plan.undoes ? '' : ', the cause is gone'}, nothing else is worse; all of it for ${lasting(policy.stability)}.${change.wellSince ? ` All well since ${utc(change.wellSince)}.` : ''}`
    case 'committing':
      return `The trial passed. The permanent edit is made, the boot configuration regenerated and read back, the guard disarmed.`
    case 'going-back':
      if (!change.plan.reboot) return `What was changed on ${node} is put back as it was.`
      return `${node} reboots into its old configuration; what was written is put back from the backups.`
    default:
      return change satisfies never
  }
}

const AGAIN = '/pcie diagnose NODE makes a fresh plan.'
const AFTERWARDS: Record<Outcome, string> = {
  denied: `Nothing was changed on NODE. ${AGAIN}`,
  expired: `Nobody decided in time; nothing was changed on NODE. ${AGAIN}`,
  cancelled: `It was called off; nothing was changed on NODE. ${AGAIN}`,
  stale: `Nothing was changed: NODE is no longer in the state that was approved. ${AGAIN}`,
  refused: `Nothing was changed on NODE. See to the reason, then: ${AGAIN}`,
  failed: `It was stopped. See the reason above and the steps in the thread, then: ${AGAIN}`,
  reverted: `NODE runs its old configuration; nothing permanent was written. Look into the reason before trying again: /pcie diagnose NODE.`,
  undone: `NODE runs its old configuration; nothing permanent was written. Look into the reason before trying again: /pcie diagnose NODE.`,
  stuck: `A person is needed at the console of NODE (IPMI, iKVM, serial). The bot has stopped acting on it.`,
  done: `NODE goes on in the boot that was tried; its next reboot, whenever it comes, is the first one from the permanent configuration. To take the change back: /pcie undo CHANGE, which tries that for one boot as well; or without the bot, on the node: sh /var/lib/lanekeeper/CHANGE/undo.sh, then reboot.`,
}

/** The same after a change that no boot had to try. */
const AFTER_MENDING = {
  undone: `NODE is in its old state: what was changed has been put back. Look into the reason before trying again: /pcie diagnose NODE.`,
  stuck: `A person is needed on NODE. The bot has stopped acting on it. What the change kept is in /var/lib/lanekeeper/CHANGE; undo.sh there takes it back.`,
  done: `To take it back: /pcie undo CHANGE; or without the bot, on the node: sh /var/lib/lanekeeper/CHANGE/undo.sh.`,
} satisfies Partial<Record<Outcome, string>>

const after = (iso: string, seconds: number): string => new Date(Date.parse(iso) + seconds * 1000).toISOString()
