import { quorumOf } from '../changes/approval.ts'
import type { Change } from '../changes/change.ts'
import type { Plan } from '../changes/plan.ts'
import type { Policy } from '../changes/policy.ts'
import type { Card } from './card.ts'
import { nextBlocks } from './next-blocks.ts'
import { planBlocks } from './plan-blocks.ts'
import { REACTIONS, type Reactions } from './reactions.ts'
import { changeTone, stateWords, utc } from './words.ts'

/** One card for the whole life of a change: the findings stay, the last part moves. */
export function changeCard(findings: Card, change: Change, policy: Policy, reactions: Reactions = REACTIONS): Card {
  const { id, state, digest, plan } = change
  const proposed = state === 'proposed'
  return {
    title: proposed ? `${findings.title} – waiting for approval` : `${plan.node}, change ${id}: ${stateWords(change)}`,
    tone: proposed ? findings.tone : changeTone(change),
    blocks: [
      ...findings.blocks,
      { type: 'heading', text: `Change ${id}: ${stateWords(change)}` },
      { type: 'fields', fields: standing(change, policy) },
      ...nextBlocks(change, policy, reactions),
    ],
    change: { id, state, digest },
    ...(proposed && { asks: 'approval' }),
  }
}

/** What stands in for the findings of a change whose report is no longer at hand: its plan. */
export const planCard = (plan: Plan): Card => ({
  title: `${plan.node}${plan.target ? `, ${plan.target}` : ''}: ${plan.undoes ? `take change ${plan.undoes} back` : plan.cause}`,
  tone: 'warn',
  blocks: planBlocks(plan),
})

/** `1 of 2: approver`, and who said no. */
export function votesOf(change: Change, policy: Policy): string {
  const names = (yes: boolean) => change.votes.filter((vote) => vote.yes === yes).map(({ by }) => by.name)
  const yes = names(true)
  const no = names(false)
  return `${yes.length} of ${quorumOf(change, policy)}${yes.length ? `: ${yes.join(', ')}` : ''}${no.length ? `; against: ${no.join(', ')}` : ''}`
}

/** `+intel_iommu=on -intel_iommu=off, then a reboot of node3; goes down: qemu 101` */
function inShort({ node, args, commands, reboot, goesDown }: Plan): string {
  const words = [...args.add.map((word) => `+${word}`), ...args.remove.map((word) => `-${word}`)]
  const what = words.join(' ') || commands.join(', ')
  return `${what}${reboot ? `, by a trial boot of ${node}` : ''}${goesDown.length ? `; goes down: ${goesDown.join(', ')}` : ''}`
}

function standing(change: Change, policy: Policy): [string, string][] {
  const fields: [string, string][] = []
  if (change.state === 'proposed') fields.push(['Does', inShort(change.plan)])
  if (change.state === 'closed' || change.state === 'going-back') fields.push(['Because', change.because])
  fields.push(['Approvals', votesOf(change, policy)], ['Asked by', change.requestedBy.name])
  fields.push(change.state === 'proposed' ? ['Expires', utc(change.expiresAt)] : ['Since', utc(change.since)])
  return fields
}
