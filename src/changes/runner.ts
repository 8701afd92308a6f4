import pLimit from 'p-limit'
import { isRefusal, type Refusal, wordsOf } from '../errors.ts'
import type { Change } from './change.ts'
import { isLive } from './change.ts'
import type { Means } from './means.ts'
import { isLate, nextStep } from './next-step.ts'
import type { Audit, ChangeHistory, ChangeStore, Tell } from './ports.ts'
import { carryOut } from './steps.ts'
import { type ChangeEvent, transition } from './transition.ts'

export interface RunnerParts extends Means {
  readonly store: ChangeStore
  readonly history: ChangeHistory
  readonly audit: Audit
  readonly tell: Tell
  /** Resolves when it is time to look again. */
  readonly pause: () => Promise<void>
  /** A step that could not be done for a reason that is no "no" of the node: for the log. */
  readonly trouble: (change: Change, error: unknown) => void
}

export interface Runner {
  /**
   * Stores a new change. An open card with the same digest is the same change; one with another digest is stale and gives way.
   * Refused while a change on that node is under way.
   */
  propose(change: Change): Promise<Change | Refusal>
  /** Takes what happened, by whom; refused when the state does not allow it. Then goes on with the change by itself. */
  apply(id: string, event: (change: Change) => ChangeEvent | Refusal, actor: string): Promise<Change | Refusal>
  /** Goes on with every live change; called at start, and from time to time for what only the clock moves. */
  resume(): Promise<void>
  /** Resolves when no change is being carried out: each waits for a person, or is closed. */
  settled(): Promise<void>
  stop(): Promise<void>
}

/** Drives changes: saves each state before the next act, one writer, one driver for each change. */
export function createRunner(parts: RunnerParts): Runner {
  const { store, history, audit, tell, now, policy } = parts
  const oneWriter = pLimit(1)
  const driving = new Map<string, Promise<void>>()
  let stopped = false

  const move = (id: string, event: (change: Change) => ChangeEvent | Refusal, actor: string) =>
    oneWriter(async (): Promise<Change | Refusal> => {
      const change = await store.get(id)
      if (!change) return { refused: `there is no live change ${id}`, hint: '/pcie status lists them' }
      const happened = event(change)
      return isRefusal(happened) ? happened : take(change, happened, actor)
    })

  /** The audit line first, then the new state, and only then is anybody told. */
  const take = async (change: Change, event: ChangeEvent, actor: string): Promise<Change | Refusal> => {
    const next = transition(change, event, now().toISOString())
    if (isRefusal(next)) return next
    const detail = next.log.length > change.log.length ? (next.log.at(-1)?.says ?? '') : ''
    await audit({ actor, act: event.type, node: change.plan.node, change: change.id, detail })
    await store.put(next)
    tell.changed(next, change)
    if (!isLive(next)) await shelve(next)
    return next
  }

  const shelve = async (change: Change) => {
    await history.append(change)
    await store.remove(change.id)
  }

  /** One that was closed, and not yet brought away when the bot was ended. */
  const shelveClosed = async (id: string) => {
    const change = await store.get(id)
    if (change && !isLive(change)) await shelve(change)
  }

  const drive = async (id: string): Promise<void> => {
    while (!stopped) {
      const change = await store.get(id)
      if (!change) return
      const step = nextStep(change, now())
      if (step === 'nothing') return oneWriter(() => shelveClosed(id))
      if (step === 'wait') return
      let trouble = `${change.plan.node} does not answer as it should`
      const told = await carryOut(step, change, parts).catch((error: unknown) => {
        trouble = wordsOf(error)
        parts.trouble(change, error)
        return undefined
      })
      const event: ChangeEvent | undefined =
        told ?? (isLate(change, now(), policy()) ? { type: 'stuck', because: trouble } : undefined)
      // What has been done is on disk before a bot stops: its next life would do otherwise.
      if (stopped && !told) return
      if (!event) {
        await parts.pause()
        continue
      }
      // Somebody may have moved the change meanwhile: what was seen for another state, or for other votes, is dropped, and the
      // loop looks again.
      const overtaken = (latest: Change) =>
        latest.state !== change.state || (event.type === 'cleared' && latest.version !== change.version)
      await move(id, (latest) => (overtaken(latest) ? { refused: 'overtaken' } : event), 'lanekeeper')
    }
  }

  const start = (id: string) => {
    if (stopped || driving.has(id)) return
    const run = drive(id)
      .catch(async (error: unknown) => {
        // What ended it may be the store itself: the next tick of the clock starts again.
        const change = await store.get(id).catch(() => undefined)
        if (change) parts.trouble(change, error)
      })
      .finally(() => driving.delete(id))
    driving.set(id, run)
  }

  const propose = (change: Change) =>
    oneWriter(async (): Promise<Change | Refusal> => {
      const { id, plan, requestedBy } = change
      const holder = (await store.list()).find((live) => live.plan.node === plan.node)
      if (holder?.state === 'proposed' && holder.digest === change.digest) return holder
      if (holder && (holder.state !== 'proposed' || holder.plan.target !== plan.target)) {
        return {
          refused: `${plan.node} is held by change ${holder.id}, which is ${holder.state}`,
          hint: `/pcie status ${holder.id} shows it; decide on its card, or /pcie cancel ${holder.id}`,
        }
      }
      if (holder)
        await take(
          holder,
          { type: 'stale', because: `the node has changed, and change ${id} takes its place` },
          'lanekeeper',
        )
      await audit({
        actor: requestedBy.id,
        act: 'proposed',
        node: plan.node,
        change: id,
        detail: `${plan.title}, digest ${change.digest}`,
      })
      await store.put(change)
      tell.changed(change, null)
      return change
    })

  return {
    propose,
    async apply(id, event, actor) {
      const moved = await move(id, event, actor)
      if (!isRefusal(moved)) start(id)
      return moved
    },
    async resume() {
      for (const change of await store.list()) start(change.id)
    },
    async settled() {
      while (driving.size > 0) await Promise.all(driving.values())
    },
    async stop() {
      stopped = true
      await Promise.allSettled(driving.values())
    },
  }
}
