import type { Verdict } from './diagnosis/report.ts'
import type { Visit, VisitRecord, VisitStore } from './diagnosis/visit.ts'
import { createQueue } from './store/queue.ts'

/** What is remembered of visits, by node: of each the last one. */
export interface Memory {
  /** Null where nothing is remembered of the node. */
  last(node: string): Promise<VisitRecord | null>
  /** `verdict`: of a look at the whole node; undefined leaves the one before. Never throws: a visit that cannot be remembered is a visit all the same. */
  keep(node: string, visit: Visit, verdict?: Verdict): Promise<void>
}

/** Remembers visits in a store; `trouble` is told when one could not be kept. */
export function createMemory(store: VisitStore, trouble: (node: string, error: unknown) => void): Memory {
  const queues = new Map<string, ReturnType<typeof createQueue>>()
  const queueOf = (node: string) => {
    const queue = queues.get(node) ?? createQueue()
    queues.set(node, queue)
    return queue
  }
  return {
    last: async (node) => (await store.get(node)) ?? null,
    keep: (node, visit, verdict) =>
      queueOf(node)(async () => {
        const kept = await store.get(node)
        const version = (kept?.version ?? 0) + 1
        await store.put({ ...visit, id: node, version, verdict: verdict ?? kept?.verdict ?? null })
      }).catch((error: unknown) => trouble(node, error)),
  }
}
