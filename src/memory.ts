import type { Visit, VisitStore } from './diagnosis/visit.ts'
import { createQueue } from './store/queue.ts'

/** What is remembered of visits, by node: of each the last one. */
export interface Memory {
  /** Null where nothing is remembered of the node. */
  last(node: string): Promise<Visit | null>
  /** Never throws: a visit that cannot be remembered is a visit all the same. */
  keep(node: string, visit: Visit): Promise<void>
}

/** Remembers visits in a store; `trouble` is told when one could not be kept. */
export function createMemory(store: VisitStore, trouble: (node: string, error: unknown) => void): Memory {
  const queue = createQueue()
  return {
    last: async (node) => (await store.get(node)) ?? null,
    keep: (node, visit) =>
      queue(async () => {
        const kept = await store.get(node)
        await store.put({ ...visit, id: node, version: (kept?.version ?? 0) + 1 })
      }).catch((error: unknown) => trouble(node, error)),
  }
}
