import { afterEach, beforeEach, expect, test } from 'vitest'
import { VisitRecord } from '../../src/diagnosis/visit.ts'
import { createMemory } from '../../src/memory.ts'
import { createMemoryStore } from '../../src/store/memory-store.ts'
import { actor } from '../changes/a-change.ts'
import { type Bench, proposed, setUp } from './bench.ts'

let bench: Bench
beforeEach(async () => {
  bench = await setUp('node1')
})
afterEach(() => bench.close())

const trouble = (_: string, error: unknown) => {
  throw error
}

test('a visit is remembered, the looks around a change are not, and the next visit tells what has changed', async () => {
  const store = createMemoryStore(VisitRecord)
  const engine = await bench.engine({ memory: createMemory(store, trouble) })
  const changed = async () => {
    const { report } = await engine.core.diagnose('node1', { target: null })
    return report.results.find(({ rule }) => rule.id === 'groups-changed')
  }
  const id = await proposed(engine, 'node1')
  expect(await store.get('node1')).toMatchObject({ version: 1, groups: {} })
  await engine.core.vote(id, { by: actor('ann'), yes: true, given: true })
  await engine.runner.settled()
  expect(await engine.core.change(id)).toMatchObject({ outcome: 'done' })
  expect(await store.get('node1')).toMatchObject({ version: 1 })
  expect(await changed()).toMatchObject({ status: 'found', severity: 'notice' })
  expect(await changed()).toMatchObject({ status: 'ok' })
  expect(await store.get('node1')).toMatchObject({ version: 3 })
})

test('without a memory nothing has changed', async () => {
  const engine = await bench.engine()
  const { report } = await engine.core.diagnose('node1', { target: null })
  expect(report.results.find(({ rule }) => rule.id === 'groups-changed')).toMatchObject({ status: 'ok' })
})
