import type { Report, Result } from '../diagnosis/report.ts'
import { wordsOf } from '../errors.ts'
import type { Block } from './card.ts'
import { evidenceItems, type Found, findingLine } from './evidence.ts'

type Reasons = Readonly<Record<string, string>>

/** What there is besides the cause: what it explains, what else bites, what could not be looked at and why. */
export function alsoBlocks({ results }: Report, cause: Found | undefined, reasons: Reasons = {}): Block[] {
  const found = results.filter((result): result is Found => result.status === 'found' && result !== cause)
  const of = (severity: Found['severity']) => found.filter((one) => one.severity === severity).map(findingLine)
  return [
    ...section('It explains', results.flatMap(mutedLine)),
    ...section('Broken besides', of('blocker')),
    ...section('Will bite next', of('warning')),
    ...section('Good to know', of('notice')),
    ...section('Could not look', blindLines(results, reasons)),
  ]
}

const section = (heading: string, items: readonly string[]): Block[] =>
  items.length
    ? [
        { type: 'heading', text: heading },
        { type: 'list', items },
      ]
    : []

function mutedLine(result: Result): string[] {
  if (result.status !== 'muted') return []
  const [seen] = evidenceItems(result.evidence.slice(0, 1))
  return [`${result.rule.title} – ${result.rule.id}, by ${result.by}${seen ? `\nseen: ${seen}` : ''}`]
}

/** Rules that lack the same probes share a line. */
function blindLines(results: readonly Result[], reasons: Reasons): string[] {
  const byMissing = new Map<string, string[]>()
  const crashed: string[] = []
  for (const result of results) {
    if (result.status === 'crashed')
      crashed.push(`${result.rule.id}: the check itself broke (${wordsOf(result.error)}); this is a bug in Lanekeeper`)
    if (result.status !== 'unknown') continue
    const key = result.missing.map((probe) => `${probe}${reasons[probe] ? ` (${reasons[probe]})` : ''}`).join(', ')
    byMissing.set(key, [...(byMissing.get(key) ?? []), result.rule.id])
  }
  return [...[...byMissing].map(([missing, ids]) => `nothing from ${missing}: ${ids.join(', ')}`), ...crashed]
}
