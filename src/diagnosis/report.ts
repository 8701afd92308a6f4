import type { ProbeName } from '../facts/probes.ts'
import type { Evidence, Finding, Rule } from './rule.ts'
import type { Target } from './target.ts'

/** A rule's result in a report. `muted`: explained by a cause further up. `crashed`: a bug in the rule; the visit goes on. */
export type Result = { readonly rule: Rule } & (
  | { readonly status: 'ok' }
  | ({ readonly status: 'found' } & Finding)
  | { readonly status: 'muted'; readonly by: string; readonly evidence: readonly Evidence[] }
  | { readonly status: 'unknown'; readonly missing: readonly ProbeName[] }
  | { readonly status: 'crashed'; readonly error: unknown }
)

/** The one verdict. `cause` is the root cause's rule id, null when healthy or unknown; `says` is one sentence. */
export interface Verdict {
  readonly status: 'broken' | 'at-risk' | 'healthy' | 'unknown'
  readonly cause: string | null
  readonly says: string
}

/** All results of one visit, causes before consequences. */
export interface Report {
  readonly node: string
  readonly target: Target | null
  readonly takenAt: string | null
  readonly verdict: Verdict
  readonly results: readonly Result[]
}
