import type { Result } from '../diagnosis/report.ts'
import type { Evidence } from '../diagnosis/rule.ts'

export type Found = Extract<Result, { status: 'found' }>

const MOST = 8

/** One line per piece of evidence with its probe; what is left out is counted. */
export function evidenceItems(evidence: readonly Evidence[], most = MOST): string[] {
  const items = evidence.slice(0, most).map(({ saw, probe }) => `${saw}  [${probe}]`)
  const left = evidence.length - items.length
  return left > 0 ? [...items, `… and ${left} more: lanekeeper diagnose --json shows all`] : items
}

/** A finding: its sentence, the devices that it does not name, and the first line it rests on. */
export function findingLine(found: Found): string {
  const says = (found.says ?? found.rule.title).replace(/\.$/, '')
  const unnamed = found.devices.filter((device) => !says.includes(device))
  const devices = unnamed.length ? ` (${unnamed.join(', ')})` : ''
  const [first] = found.evidence
  const more = found.evidence.length > 1 ? ` and ${found.evidence.length - 1} more` : ''
  const seen = first ? `\nseen: ${first.saw}  [${first.probe}]${more}` : ''
  return `${says}${devices} – ${found.rule.id}${seen}`
}
