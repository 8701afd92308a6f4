import type { Facts } from '../facts/facts.ts'
import { type StartMessage, startMessage } from '../knowledge/start-messages.ts'
import { guestName, vmid } from './guest-config.ts'
import type { Evidence } from './rule.ts'
import { isHarmless, isOutdated, linesOf, startFailures } from './start-failures.ts'
import type { Target } from './target.ts'

/** A failed start whose own lines prove one finding. `over`: what it failed for holds no longer. */
export interface RefusedStart {
  readonly guest: number | null
  readonly over: boolean
  readonly message: StartMessage
  readonly evidence: readonly Evidence[]
}

/** The failed starts that concern the target and prove the finding (a rule's id), those that still hold first. */
export function refusedStarts(facts: Facts, target: Target | null, rule: string): RefusedStart[] {
  const refused = startFailures(facts, target).flatMap((task): RefusedStart[] => {
    const said = [...new Set(linesOf(task))].flatMap((saw) => {
      const message = isHarmless(saw) ? null : startMessage(rule, 'tasks', saw, vmid(task.guest))
      return message ? [{ message, evidence: { saw, probe: 'tasks' as const } }] : []
    })
    const [first] = said
    if (!first) return []
    const evidence = said.map((one) => one.evidence)
    return [{ guest: task.guest, over: isOutdated(facts, task), message: first.message, evidence }]
  })
  return [...refused.filter(({ over }) => !over), ...refused.filter(({ over }) => over)]
}

/** Why the guest did not start and what to do, as one sentence. */
export function refusalSays({ guest, over, message }: RefusedStart): string {
  const who = guestName(guest)
  const name = `${who.charAt(0).toUpperCase()}${who.slice(1)}`
  return over
    ? `${name} did not start because ${message.means}; that is over by now, so try again.`
    : `${name} did not start because ${message.means}: ${message.cure}.`
}

/** The lines of the kernel log that prove the finding. They name no guest, so no target narrows them. */
export const kernelRefusals = (facts: Facts, rule: string): { message: StartMessage; evidence: Evidence }[] =>
  (facts['kernel-log']?.lines ?? []).flatMap((saw) => {
    const message = startMessage(rule, 'kernel-log', saw, vmid(null))
    return message ? [{ message, evidence: { saw, probe: 'kernel-log' as const } }] : []
  })
