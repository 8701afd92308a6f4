import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Report } from '../../src/diagnosis/report.ts'

/** What a real failure must come to (cases/README.md). */
export interface Expected {
  readonly target: string | null
  readonly cause: string | null
  readonly alsoFine?: readonly string[]
  readonly mustFind?: readonly string[]
  readonly mustNotBlock?: readonly string[]
  readonly mustBeUnknown?: readonly string[]
}

/** Failures of the project's own, always at hand; and real ones, beside the repository. */
const OWN = join(import.meta.dirname, '../cases')
const REAL = join(import.meta.dirname, '../../../shared/cases')

const casesIn = (folder: string): { name: string; capture: string; expected: Expected }[] =>
  (existsSync(folder) ? readdirSync(folder) : [])
    .filter((name) => existsSync(join(folder, name, 'expect.json')))
    .map((name) => ({
      name,
      capture: join(folder, name, 'capture'),
      expected: JSON.parse(readFileSync(join(folder, name, 'expect.json'), 'utf8')),
    }))

const real = casesIn(REAL)
if (real.length === 0)
  console.warn(`NOT TESTED: no cases in ${REAL}; the rules were held against the project's own only`)

export const cases = [...casesIn(OWN), ...real]

/** What a report gets wrong, in words, among the rules that exist. */
export function faults(expected: Expected, { verdict, results }: Report, known: readonly string[]): string[] {
  const by = new Map(results.map((result) => [result.rule.id, result]))
  const right = [expected.cause, ...(expected.alsoFine ?? [])]
  const decidable = right.some((id) => id === null || known.includes(id))
  const out = decidable && !right.includes(verdict.cause) ? [`cause ${verdict.cause}, not ${expected.cause}`] : []
  for (const id of expected.mustFind ?? [])
    if (known.includes(id) && by.get(id)?.status !== 'found') out.push(`${id} not found`)
  for (const id of expected.mustBeUnknown ?? [])
    if (known.includes(id) && by.get(id)?.status !== 'unknown') out.push(`${id} is ${by.get(id)?.status}`)
  for (const id of expected.mustNotBlock ?? []) {
    const result = by.get(id)
    const unexplained = id === 'guest-start-failed' && !decidable
    if (result?.status === 'found' && result.severity === 'blocker' && !unexplained) out.push(`${id} blocks`)
  }
  for (const { rule, status } of results) if (status === 'crashed') out.push(`${rule.id} crashed`)
  return out
}
