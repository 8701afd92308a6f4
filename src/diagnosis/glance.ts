import { hintOf, OperatorError, wordsOf } from '../errors.ts'
import type { Report, Verdict } from './report.ts'

/** What a look at a node came to, in a line. `cause`: the rule's id, or of a node without a report the error's code. */
export interface Glance {
  readonly node: string
  readonly status: Verdict['status'] | 'unreachable'
  readonly cause: string | null
  readonly says: string
}

/** A glance that is remembered, and of when it is (ISO 8601, UTC). */
export interface Known extends Glance {
  readonly at: string
}

/** Glances at nodes with the same verdict for the same cause. */
export interface GlanceGroup extends Pick<Glance, 'status' | 'cause'> {
  readonly glances: readonly Glance[]
}

/** The worst first: what is known to be broken, then what could not be looked at. */
export const WORST_FIRST: readonly Glance['status'][] = ['broken', 'unreachable', 'unknown', 'at-risk', 'healthy']

/** A whole report in a line. */
export const glanceOf = ({ node, verdict: { status, cause, says } }: Report): Glance => ({ node, status, cause, says })

/** A node of which there is no report, with the reason and what to do. */
export function unreachable(node: string, error: unknown): Glance {
  const hint = hintOf(error)
  return {
    node,
    status: 'unreachable',
    cause: error instanceof OperatorError ? error.code : 'internal',
    says: `${wordsOf(error)}${hint ? ` – ${hint}` : ''}`,
  }
}

/** By verdict and cause: the worst first, then the most frequent cause; nodes in the order people count in. */
export function grouped(glances: readonly Glance[]): readonly GlanceGroup[] {
  const groups = Map.groupBy(glances, ({ status, cause }) => `${status} ${cause ?? ''}`)
  const rank = ({ status }: GlanceGroup) => WORST_FIRST.indexOf(status)
  return [...groups.values()]
    .map((members): GlanceGroup => {
      const [{ status, cause } = { status: 'unknown', cause: null } as const] = members
      return { status, cause, glances: members.toSorted((a, b) => byNumber.compare(a.node, b.node)) }
    })
    .toSorted(
      (a, b) =>
        rank(a) - rank(b) || b.glances.length - a.glances.length || byNumber.compare(a.cause ?? '', b.cause ?? ''),
    )
}

const byNumber = new Intl.Collator('en', { numeric: true })
