import { expect, test } from 'vitest'
import { type Visit, VisitRecord } from '../src/diagnosis/visit.ts'
import { createMemory } from '../src/memory.ts'
import { createMemoryStore } from '../src/store/memory-store.ts'

const visit = (at: string): Visit => ({ at, groups: { 1: ['0000:01:00.0'] }, devices: null, nics: null })
const never = () => {
  throw new Error('nothing was in trouble')
}

test('of each node the last visit is remembered', async () => {
  const store = createMemoryStore(VisitRecord)
  const memory = createMemory(store, never)
  expect(await memory.last('node1')).toBeNull()
  await memory.keep('node1', visit('2026-11-22T09:00:00Z'))
  await memory.keep('node2', visit('2026-11-22T10:00:00Z'))
  await memory.keep('node1', visit('2026-11-22T11:00:00Z'))
  expect(await memory.last('node1')).toMatchObject(visit('2026-11-22T11:00:00Z'))
  expect(await createMemory(store, never).last('node2')).toMatchObject(visit('2026-11-22T10:00:00Z'))
})

test('visits to one node at once are all taken, the last one stays', async () => {
  const memory = createMemory(createMemoryStore(VisitRecord), never)
  await Promise.all([1, 2, 3].map((hour) => memory.keep('node1', visit(`2026-11-22T0${hour}:00:00Z`))))
  expect(await memory.last('node1')).toMatchObject({ at: '2026-11-22T03:00:00Z', version: 3 })
})

test('what cannot be kept is told, and nothing is thrown', async () => {
  const told: unknown[] = []
  const full = async () => {
    throw new Error('no space left')
  }
  const memory = createMemory({ ...createMemoryStore(VisitRecord), put: full }, (...what) => told.push(what))
  await memory.keep('node1', visit('2026-11-22T09:00:00Z'))
  expect(told).toEqual([['node1', new Error('no space left')]])
  expect(await memory.last('node1')).toBeNull()
})
