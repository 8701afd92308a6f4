import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, expect, test } from 'vitest'
import { remedies } from '../../src/remedies/index.ts'

const files = globSync('src/remedies/*.ts').map((file) => basename(file, '.ts'))

test('every remedy file is listed, once', () => {
  expect(remedies.map(({ id }) => id).toSorted()).toEqual(files.filter((name) => name !== 'index').toSorted())
})

describe.each(remedies)('$id', (remedy) => {
  test('has a title', () => expect(remedy.title).toMatch(/^[A-Z].{10,}/))
  test('wants nothing of a node that could not be read, and calls nothing cured there that sysfs has to show', () => {
    const wish = remedy.wish({}, { cause: 'x', devices: [] })
    if (!('refused' in wish)) expect(wish.args).toEqual({ add: [], remove: [] })
  })
})

test('every remedy that a rule may name is there', () => {
  const named = globSync('src/rules/*.ts').flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/remedies: [^\n]*/g)].flatMap(([line]) =>
      [...line.matchAll(/'([a-z-]+)'/g)].map(([, id]) => id),
    ),
  )
  expect(named.length).toBeGreaterThan(5)
  expect([...new Set(named)].filter((id) => !remedies.some((remedy) => remedy.id === id))).toEqual([])
})
