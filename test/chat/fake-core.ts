import { setTimeout as sleep } from 'node:timers/promises'
import { castVote } from '../../src/changes/approval.ts'
import type { Actor, Change } from '../../src/changes/change.ts'
import type { AuditLine } from '../../src/changes/ports.ts'
import { type ChangeEvent, transition } from '../../src/changes/transition.ts'
import type { Core } from '../../src/core.ts'
import { isRefusal, OperatorError } from '../../src/errors.ts'
import { survey } from '../../src/fleet/survey.ts'
import { topologyOf } from '../../src/topology/topology.ts'
import { diagnosis, policy, change as sample } from '../cards/samples.ts'

interface Telling {
  changed(change: Change, previous: Change | null): void
  rescue(change: Change): Promise<void>
}

const LIFE: readonly ChangeEvent[] = [
  { type: 'cleared', before: {} as never },
  { type: 'armed' },
  { type: 'announced' },
  { type: 'came-up', bootId: '7c0f2c3a-52a0-4f9f-9f57-1e2d3c4b5a69' },
  { type: 'proved' },
  { type: 'kept', remains: null },
]

const TRAIL: readonly AuditLine[] = [
  {
    n: 2,
    at: '2026-11-22T09:01:00.000Z',
    actor: 'slack:U1',
    act: 'voted',
    node: 'node3',
    change: 'c1',
    detail: 'ann approved.',
  },
  { n: 1, at: '2026-11-22T09:00:00.000Z', actor: 'slack:U1', act: 'frozen', detail: { until: null } },
]

/** A core without nodes: node3 is broken, node1 healthy, node9 cannot be reached; an approved change lives its whole life. */
export function createFakeCore({ tell, pauseMs = 1 }: { tell: () => Telling | undefined; pauseMs?: number }) {
  const changes = new Map<string, Change>()
  let asked = 0

  const move = (id: string, event: ChangeEvent): Change => {
    const previous = changes.get(id)
    if (!previous) throw new Error(`no change ${id}`)
    const next = transition(previous, event, new Date().toISOString())
    if (isRefusal(next)) throw new Error(next.refused)
    changes.set(id, next)
    tell()?.changed(next, previous)
    return next
  }

  const live = async (id: string): Promise<void> => {
    for (const event of LIFE) {
      await sleep(pauseMs)
      const now = changes.get(id)
      if (now && event.type === 'announced') await tell()?.rescue(now)
      move(id, event)
    }
  }

  const core: Core = {
    mayNot: async () => undefined,
    targets: () => [],
    known: async () => new Map(),
    survey: (names, heard) =>
      survey(names, {
        look: async (node) => (await core.diagnose(node, { target: null })).report,
        atOnce: 2,
        deadlineMs: 1000,
        heard,
      }),
    takenBackBy: async () => undefined,
    frozen: async () => undefined,
    freeze: async () => ({ counted: true, says: 'frozen' }),
    thaw: async () => ({ counted: true, says: 'thawed' }),
    undo: async (id) => ({ refused: `change ${id} is not in force` }),
    nodes: [
      { name: 'node1', about: 'healthy', simulated: true, labels: [] },
      { name: 'node3', about: 'IOMMU off in the kernel', simulated: true, labels: [] },
      { name: 'node9', about: 'down', simulated: true, labels: [] },
    ],
    async diagnose(node) {
      await sleep(pauseMs)
      if (node === 'node9')
        throw new OperatorError('node-unreachable', 'node9 (10.0.0.9:22) did not answer within 10 s', {
          hint: 'is it up?',
        })
      if (node === 'node1') {
        const verdict = { status: 'healthy', cause: null, says: 'Passthrough looks healthy on node1.' } as const
        const report = { ...diagnosis.report, node, target: null, verdict, results: [] }
        const topology = topologyOf({}, report)
        return { report, plan: null, noPlanBecause: 'there is nothing to cure', offers: [], targets: [], topology }
      }
      return { ...diagnosis, targets: [], topology: topologyOf({}, diagnosis.report) }
    },
    async propose(_, by) {
      const held = [...changes.values()].find(({ state }) => state !== 'closed')
      if (held) return { refused: `node3 is held by change ${held.id}`, hint: `wait, or /pcie cancel ${held.id}` }
      asked += 1
      const change = sample('proposed', { id: `c${asked}`, requestedBy: by, expiresAt: '2999-01-01T00:00:00Z' })
      changes.set(change.id, change)
      tell()?.changed(change, null)
      return change
    },
    change: async (id) => changes.get(id),
    live: async () => [...changes.values()].filter(({ state }) => state !== 'closed'),
    history: async (most) => [...changes.values()].filter(({ state }) => state === 'closed').slice(0, most),
    trail: async (most) => TRAIL.slice(0, most),
    async vote(id, vote) {
      const change = changes.get(id)
      if (!change) return { counted: false, says: `there is no change ${id}` }
      const { counted, says, votes, verdict } = castVote(change, policy, vote, new Date().toISOString())
      if (counted && move(id, { type: 'voted', votes, verdict, says }).state === 'approved') void live(id)
      return { counted, says }
    },
    async cancel(id: string, by: Actor) {
      move(id, { type: 'cancelled', by: by.name })
      return { counted: true, says: `Change ${id} is cancelled.` }
    },
  }
  return { core, changes }
}
