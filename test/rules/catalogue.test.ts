import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { rules } from '../../src/rules/index.ts'

const root = join(import.meta.dirname, '../..')
const ids = rules.map(({ id }) => id)
const catalogue = join(root, '../shared/FINDINGS.md')

test('every rule file is listed, once', () => {
  const files = readdirSync(join(root, 'src/rules')).map((name) => name.replace(/\.ts$/, ''))
  expect(files.toSorted()).toEqual([...ids, 'index'].toSorted())
})

test('no rule explains another in a circle', () => {
  const causes = (id: string): readonly string[] => rules.find((rule) => rule.id === id)?.mutedBy ?? []
  const reaches = (from: string, to: string, seen: readonly string[] = []): boolean =>
    causes(from).some((id) => id === to || (!seen.includes(id) && reaches(id, to, [...seen, id])))
  expect(ids.filter((id) => reaches(id, id))).toEqual([])
})

describe.each(rules)('$id', (rule) => {
  test('has a test file', () => expect(existsSync(join(root, `test/rules/${rule.id}.test.ts`))).toBe(true))
  test('says why and how in whole sentences', () => {
    for (const text of [rule.why, rule.fix]) expect(text).toMatch(/^[A-Z].{20,}\.$/s)
    expect(rule.title).toMatch(/^[A-Zr].{5,}[^.]$/)
  })
  test('names sources', () => {
    expect(rule.links.length).toBeGreaterThan(0)
    for (const link of rule.links) expect(new URL(link).protocol).toBe('https:')
  })
  test('is muted by rules that exist', () => {
    for (const id of rule.mutedBy) expect(ids).toContain(id)
  })
})

test.skipIf(!existsSync(catalogue))('stands in the order of FINDINGS.md', () => {
  const listed = [...readFileSync(catalogue, 'utf8').matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, id]) => id)
  expect(ids).toEqual(listed.filter((id) => id !== undefined && ids.includes(id)))
})
