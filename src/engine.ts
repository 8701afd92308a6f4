import { setTimeout as sleep } from 'node:timers/promises'
import { nanoid } from 'nanoid'
import { chains } from './boot/chains.ts'
import { policyFor } from './changes/authority.ts'
import { usualAway } from './changes/blast-radius.ts'
import type { Actor, Change } from './changes/change.ts'
import type { Freezer } from './changes/freeze.ts'
import { closedGates } from './changes/gate.ts'
import { createHands } from './changes/hands.ts'
import type { Plan } from './changes/plan.ts'
import type { Policy } from './changes/policy.ts'
import type { Audit, ChangeHistory, ChangeStore, ClosedChanges, Eyes, GroupsOf, Hands, Tell } from './changes/ports.ts'
import { createRunner, type Runner } from './changes/runner.ts'
import type { Core, NodeInfo } from './core.ts'
import { createCore } from './create-core.ts'
import { regrouping } from './diagnosis/regrouping.ts'
import { parseTarget } from './diagnosis/target.ts'
import { isRefusal } from './errors.ts'
import { collect } from './facts/collect.ts'
import type { Facts } from './facts/facts.ts'
import { learn } from './facts/learn.ts'
import { gates } from './gates/index.ts'
import { jobs } from './jobs/index.ts'
import type { Look } from './looking.ts'
import type { Memory } from './memory.ts'
import { notInForce, uncured, undoPlan } from './prescribe.ts'
import type { Transport } from './ssh/transport.ts'
import { think, visit } from './think.ts'

/** How many closed changes are looked through for a node's earlier reboots. */
const LOOKED_THROUGH = 200

export interface EngineParts {
  readonly transport: Transport
  readonly nodes: readonly NodeInfo[]
  /** The way that changes take; without it the same. */
  readonly acting?: Transport
  /** The way for surveys; without it the same. */
  readonly surveys?: Transport
  readonly policy: () => Policy
  readonly groupsOf: GroupsOf
  readonly freezer: Freezer
  readonly store: ChangeStore
  readonly closed: ChangeHistory & ClosedChanges
  readonly audit: Audit
  readonly trail: Core['trail']
  readonly tell: Tell
  readonly now: () => Date
  /** Milliseconds between two looks at a node that is on its way. */
  readonly pauseMs: number
  readonly trouble: (change: Change, error: unknown) => void
  /** What is remembered of visits; without it every visit is the first. */
  readonly memory?: Memory
  /** Hears of each look at a node when it is over. */
  readonly looked?: (look: Look) => void
  /** Stands between the runner and the node's hands; for tests that break off at every act. */
  readonly wrapHands?: (hands: Hands) => Hands
}

/** Joins eyes, mind and hands: the core that chats use, and the runner that carries changes on. */
export function createEngine(parts: EngineParts): { core: Core; runner: Runner } {
  const { transport, nodes, policy, store, closed, now } = parts
  const anew: Transport = {
    ...transport,
    run: (node, script, limits) => transport.run(node, script, { ...limits, fresh: true }),
  }
  /** Why a change must not start now; `change` null where it is only being proposed. */
  const closedFor = async (plan: Plan, change: Change | null, facts: Facts) => {
    const others = (await store.list()).filter(({ id }) => id !== change?.id)
    return closedGates(gates, { facts, policy: policy(), plan, now: now(), others, change })
  }
  const policyNow = (people: readonly Actor[]) => policyFor(policy(), people, parts.groupsOf)
  const undoing = async (id: string, facts: Facts) => {
    const [change] = await closed.last(1, (one) => one.id === id)
    return change ? undoPlan(change, facts) : notInForce(id)
  }
  const eyes: Eyes = {
    look: async (node) => learn(await collect(anew, node, { now })).facts,
    async replan({ plan }) {
      const capture = await collect(transport, plan.node, { now })
      const { facts } = learn(capture)
      if (plan.undoes !== null) {
        const undo = await undoing(plan.undoes, facts)
        return isRefusal(undo) ? { plan: null, because: undo.refused } : { plan: undo, facts }
      }
      const target = plan.target === null ? null : parseTarget(plan.target)
      const question = { target: isRefusal(target) ? null : target, finding: plan.cause }
      const again = think(facts, question, { node: plan.node, takenAt: capture.takenAt })
      if (again.plan) return { plan: again.plan, facts }
      const { verdict } = again.report
      return {
        plan: null,
        because:
          `looked at again, the node gives no plan any more: ${verdict.says} ${again.noPlanBecause ?? ''}`.trim(),
      }
    },
  }
  const hands = createHands({ transport: parts.acting ?? transport, chains, jobs, policy })
  const runner = createRunner({
    ...parts,
    history: closed,
    eyes,
    hands: parts.wrapHands ? parts.wrapHands(hands) : hands,
    uncured,
    regrouping,
    closedGates: (change, facts) => closedFor(change.plan, change, facts),
    policyFor: policyNow,
    frozen: () => parts.freezer.why(),
    pause: () => sleep(parts.pauseMs),
  })
  const core = createCore({
    nodes,
    visit: (node, question, many) =>
      visit((many && parts.surveys) || transport, node, question, {
        now,
        memory: parts.memory,
        outlook: async (plan, facts) => ({
          closedGates: await closedFor(plan, null, facts),
          away: plan.reboot ? usualAway(await closed.last(LOOKED_THROUGH), plan.node) : null,
        }),
      }),
    undoing: async (change) => undoPlan(change, learn(await collect(transport, change.plan.node, { now })).facts),
    policyFor: policyNow,
    freezer: parts.freezer,
    runner,
    memory: parts.memory,
    store,
    closed,
    trail: parts.trail,
    policy,
    now,
    newId: () => nanoid(6).replaceAll(/[-_]/g, 'x').toLowerCase(),
    looked: parts.looked,
  })
  return { core, runner }
}
