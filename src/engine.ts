import { setTimeout as sleep } from 'node:timers/promises'
import { nanoid } from 'nanoid'
import { chains } from './boot/chains.ts'
import type { Change } from './changes/change.ts'
import { createHands } from './changes/hands.ts'
import type { Policy } from './changes/policy.ts'
import type { Audit, ChangeHistory, ChangeStore, Eyes, Hands, Tell } from './changes/ports.ts'
import { createRunner, type Runner } from './changes/runner.ts'
import { type Core, createCore, type NodeInfo } from './core.ts'
import { parseTarget } from './diagnosis/target.ts'
import { isRefusal } from './errors.ts'
import { collect } from './facts/collect.ts'
import { learn } from './facts/learn.ts'
import { uncured } from './prescribe.ts'
import type { Transport } from './ssh/transport.ts'
import { think, visit } from './think.ts'

export interface EngineParts {
  readonly transport: Transport
  readonly nodes: readonly NodeInfo[]
  readonly policy: () => Policy
  readonly store: ChangeStore
  readonly closed: ChangeHistory & { last(most: number): Promise<readonly Change[]> }
  readonly audit: Audit
  readonly tell: Tell
  readonly now: () => Date
  /** Milliseconds between two looks at a node that is on its way. */
  readonly pauseMs: number
  readonly trouble: (change: Change, error: unknown) => void
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
  const eyes: Eyes = {
    look: async (node) => learn(await collect(anew, node, { now })).facts,
    async replan({ plan }) {
      const capture = await collect(transport, plan.node, { now })
      const { facts } = learn(capture)
      const target = plan.target === null ? null : parseTarget(plan.target)
      const again = think(facts, plan.node, isRefusal(target) ? null : target, capture.takenAt)
      if (again.plan) return { plan: again.plan, facts }
      const { verdict } = again.report
      return {
        plan: null,
        because:
          `looked at again, the node gives no plan any more: ${verdict.says} ${again.noPlanBecause ?? ''}`.trim(),
      }
    },
  }
  const hands = createHands(transport, chains, policy)
  const runner = createRunner({
    ...parts,
    history: closed,
    eyes,
    hands: parts.wrapHands ? parts.wrapHands(hands) : hands,
    uncured,
    pause: () => sleep(parts.pauseMs),
  })
  const core = createCore({
    nodes,
    visit: (node, target) => visit(transport, node, target, now),
    runner,
    store,
    closed,
    policy,
    now,
    newId: () => `c${nanoid(6).replaceAll(/[-_]/g, 'x').toLowerCase()}`,
  })
  return { core, runner }
}
