import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Diagnosis } from '../../src/core.ts'

/** What a real failure must come to (cases/README.md). */
export interface Expected {
  readonly target: string | null
  readonly cause: string | null
  readonly alsoFine?: readonly string[]
  readonly mustFind?: readonly string[]
  readonly mustNotBlock?: readonly string[]
  readonly mustBeUnknown?: readonly string[]
  /** `none`: no argument helps, so nothing is planned; `required`: a plan that adds all of `planArgs`; none of them: it adds nothing. */
  readonly plan?: 'none' | 'required' | 'allowed'
  readonly planArgs?: readonly string[]
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

/** What a diagnosis gets wrong, in words. */
export function faults(expected: Expected, { report, plan }: Pick<Diagnosis, 'report' | 'plan'>): string[] {
  const { verdict, results } = report
  const by = new Map(results.map((result) => [result.rule.id, result]))
  const right = [expected.cause, ...(expected.alsoFine ?? [])]
  const out = right.includes(verdict.cause) ? [] : [`cause ${verdict.cause}, not ${expected.cause}`]
  if (expected.cause === null && verdict.cause === null && verdict.status === 'broken') out.push('broken by nothing')
  for (const id of expected.mustFind ?? [])
    if (by.get(id)?.status !== 'found' && verdict.cause !== id) out.push(`${id} not found`)
  for (const id of expected.mustBeUnknown ?? [])
    if (by.get(id)?.status !== 'unknown') out.push(`${id} is ${by.get(id)?.status}`)
  for (const id of expected.mustNotBlock ?? []) {
    const result = by.get(id)
    if (!right.includes(id) && verdict.cause === id) out.push(`${id} as cause`)
    if (result?.status === 'found' && result.severity === 'blocker') out.push(`${id} blocks`)
  }
  for (const { rule, status } of results) if (status === 'crashed') out.push(`${rule.id} crashed`)
  return [...out, ...planFaults(expected, plan)]
}

function planFaults({ plan: wanted, planArgs }: Expected, plan: Diagnosis['plan']): string[] {
  if (!plan) return wanted === 'required' ? ['no plan'] : []
  if (wanted === 'none') return ['a plan where none helps']
  const added = plan.args.add
  if (planArgs?.length === 0 && added.length > 0) return [`the plan adds ${added.join(' ')}`]
  const lacking = wanted === 'required' ? (planArgs ?? []).filter((word) => !added.includes(word)) : []
  return lacking.map((word) => `the plan lacks ${word}`)
}

/** A case with what came out: right, wrong, or no answer where there was a cause. */
export interface Outcome {
  readonly expected: Expected
  readonly wrong: readonly string[]
  readonly cause: string | null
}

/** How the cases of each cause came out, as a text table; none = nothing on the host is the cause. */
export function tally(outcomes: readonly Outcome[]): string {
  const kindOf = ({ wrong, cause, expected }: Outcome) =>
    wrong.length === 0 ? 'right' : cause === null && expected.cause !== null ? 'unknown' : 'wrong'
  const rowOf = (name: string, of: readonly Outcome[]) => {
    const counts = ['right', 'wrong', 'unknown'].map((kind) => of.filter((one) => kindOf(one) === kind).length)
    return `${name.padEnd(30)}${counts.map((count) => String(count || '·').padStart(9)).join('')}`
  }
  const causes = Map.groupBy(outcomes, ({ expected }) => expected.cause ?? 'none')
  return [
    `${'cause'.padEnd(30)}    right    wrong  unknown`,
    ...[...causes].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([cause, of]) => rowOf(cause, of)),
    rowOf(`all ${outcomes.length} cases`, outcomes),
  ].join('\n')
}
