import { join } from 'node:path'
import { Change } from '../../src/changes/change.ts'
import { createFreezer, Freeze } from '../../src/changes/freeze.ts'
import type { EngineParts } from '../../src/engine.ts'
import { createHistory } from '../../src/store/history.ts'
import { createLowdbStore } from '../../src/store/lowdb-store.ts'
import { createMemoryStore } from '../../src/store/memory-store.ts'

/** The real stores of changes in a folder, opened anew as a restart would. */
export const storesIn = async (folder: string): Promise<Pick<EngineParts, 'store' | 'closed'>> => ({
  store: await createLowdbStore(join(folder, 'changes.json'), Change),
  closed: createHistory(join(folder, 'history.jsonl'), Change, () => undefined),
})

/** What an engine needs besides nodes and a policy: real stores, and nobody who is told or asked anything. */
export const quietParts = async (folder: string): Promise<Omit<EngineParts, 'transport' | 'nodes' | 'policy'>> => ({
  ...(await storesIn(folder)),
  groupsOf: async () => [],
  freezer: createFreezer({ store: createMemoryStore(Freeze), audit: async () => undefined, now: () => new Date() }),
  audit: async () => undefined,
  trail: async () => [],
  tell: { changed: () => undefined, hearOut: async () => undefined, rescue: async () => undefined },
  now: () => new Date(),
  pauseMs: 50,
  trouble: () => undefined,
})
