import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { guideTable } from '../src/cli/findings-page.ts'
import { guide } from '../src/knowledge/guide.ts'
import { remedies } from '../src/remedies/index.ts'
import { rules } from '../src/rules/index.ts'

const ids = rules.map(({ id }) => id)
const cli = join(import.meta.dirname, '../src/cli.ts')
const printed = (...args: string[]) => spawnSync(process.execPath, [cli, 'rules', ...args], { encoding: 'utf8' })
const page = readFileSync(join(import.meta.dirname, '../docs/findings.md'), 'utf8')

describe('the rows of the guide', () => {
  test.each(guide)('$section: $row', ({ findings, note }) => {
    expect(findings.filter((id) => !ids.includes(id))).toEqual([])
    expect(new Set(findings).size).toBe(findings.length)
    if (findings.length === 0) expect(note).toMatch(/^No finding: .{20,}/)
  })
  test('are all there, each once', () => {
    expect(new Set(guide.map(({ section, row }) => `${section}: ${row}`)).size).toBe(guide.length)
    const inSection = (name: string) => guide.filter(({ section }) => section === name).length
    expect([inSection('Troubleshooting'), inSection('Advanced options')]).toEqual([12, 10])
    expect([1, 2, 3, 4, 5, 6].filter((step) => inSection(`Step ${step}`) === 0)).toEqual([])
  })
})

describe('docs/findings.md', () => {
  test('is what the program prints (npm run -s lanekeeper -- rules --markdown)', () =>
    expect(printed('--markdown')).toMatchObject({ status: 0, stdout: page }))
  test('holds the table of the guide as the program prints it by itself (rules --guide)', () => {
    const { status, stdout } = printed('--guide')
    expect(status).toBe(0)
    expect(stdout.split('\n').length).toBe(guide.length + 3)
    expect(page).toContain(stdout)
  })
  test('is about all rules, not about one', () => {
    expect(printed('iommu-off', '--guide')).toMatchObject({ status: 2, stdout: '' })
  })
  test('names every finding', () => {
    for (const id of ids) expect(page).toContain(`| \`${id}\` |`)
  })
  test('names remedies that exist', () => {
    const known = remedies.map(({ id }) => id)
    expect(rules.flatMap((rule) => rule.remedies).filter((id) => !known.includes(id))).toEqual([])
  })
})

test('no cell of a table breaks its row', () => {
  const [row] = guideTable([{ section: 'a|b', row: 'c', findings: ['iommu-off'], note: 'd' }])
    .split('\n')
    .slice(2)
  expect(row).toBe('| a\\|b | c | `iommu-off`. d |')
})
