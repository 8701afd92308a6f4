import { wordsOf } from '../errors.ts'
import type { Report, Result } from './report.ts'
import { targetText } from './target.ts'

/** What a caller adds about repairs: the plan, or why there is none, and what could be had besides. */
export interface RepairJson {
  readonly plan: unknown
  readonly noPlanBecause?: string
  readonly offers?: readonly unknown[]
}

/** The object that `--json` prints, format 1 (PROBES.md). */
export const reportJson = (report: Report, repair: RepairJson) => ({
  format: 1 as const,
  node: report.node,
  target: report.target === null ? null : targetText(report.target),
  verdict: report.verdict,
  results: report.results.map(resultJson),
  ...repair,
})

function resultJson(result: Result) {
  const { rule, status } = result
  switch (result.status) {
    case 'ok':
      return { rule: rule.id, status }
    case 'found': {
      const { severity, devices, evidence, remedies } = result
      return { rule: rule.id, status, severity, devices, evidence, remedies }
    }
    case 'muted':
      return { rule: rule.id, status, by: result.by, evidence: result.evidence }
    case 'unknown':
      return { rule: rule.id, status, missing: result.missing }
    case 'crashed':
      return { rule: rule.id, status, error: wordsOf(result.error) }
  }
}
