import type { Result, Verdict } from './report.ts'
import type { Severity } from './rule.ts'
import { type Target, targetText } from './target.ts'

/**
 * The one verdict: the first blocker that nothing else explains is the cause; else the first warning, those about the upkeep of the host last; else unknown while
 * something that matters could not be seen; else healthy.
 */
export function verdictOf(results: readonly Result[], { target }: { target: Target | null }): Verdict {
  const blocker = first(results, 'blocker')
  if (blocker) return { status: 'broken', cause: blocker.rule.id, says: saying(blocker) }
  const warning = first(pressing(results), 'warning') ?? first(results, 'warning')
  if (warning) return { status: 'at-risk', cause: warning.rule.id, says: saying(warning) }
  const open = results.filter(({ rule, status }) => rule.matters && (status === 'unknown' || status === 'crashed'))
  const whole = target === null ? 'this node' : targetText(target)
  if (open.length > 0) {
    const missing = [...new Set(open.flatMap((one) => (one.status === 'unknown' ? one.missing : [])))]
    const lacking = missing.length > 0 ? missing.join(', ') : open.map(({ rule }) => rule.id).join(', ')
    return {
      status: 'unknown',
      cause: null,
      says: `Nothing wrong is in sight on ${whole}, but too little was seen to call it healthy: ${lacking}.`,
    }
  }
  const checked = results.filter(({ rule, status }) => status === 'ok' && rule.matters).length
  if (checked === 0)
    return { status: 'unknown', cause: null, says: `No rule that matters could be asked about ${whole}.` }
  return { status: 'healthy', cause: null, says: `Passthrough looks healthy on ${whole}: ${whatWasSeen(results)}.` }
}

type Found = Extract<Result, { status: 'found' }>

const pressing = (results: readonly Result[]) => results.filter(({ rule }) => !rule.upkeep)

const first = (results: readonly Result[], severity: Severity): Found | undefined =>
  results.find((one): one is Found => one.status === 'found' && one.severity === severity)

function saying({ rule, says }: Found): string {
  const text = says ?? rule.title
  return /[.!?]$/.test(text) ? text : `${text}.`
}

/** The guide's list of what to verify, as far as each point was seen to be in order. */
function whatWasSeen(results: readonly Result[]): string {
  const seen = results.flatMap(({ rule, status }) => (status === 'ok' && rule.clear !== null ? [rule.clear] : []))
  const open = results.filter(({ status }) => status === 'unknown' || status === 'crashed').length
  return `${seen.join(', ')}${open > 0 ? ` (${open} lesser ${open === 1 ? 'point' : 'points'} could not be seen)` : ''}`
}
