import type { Remedy } from '../changes/remedy.ts'
import type { Rule } from '../diagnosis/rule.ts'
import type { GuideRow } from '../knowledge/guide.ts'

/** The rows of the guide and the findings that answer each, as a Markdown table. */
export const guideTable = (rows: readonly GuideRow[]): string =>
  table(
    ['section', 'the guide says', 'findings'],
    rows.map(({ section, row, findings, note }) => [section, row, answer(findings, note)]),
  )

/** All findings with their title and who cures them, as a Markdown table. */
export const findingsTable = (rules: readonly Rule[], remedies: readonly Remedy[]): string =>
  table(
    ['finding', 'says', 'remedy'],
    rules.map(({ id, title, remedies: ids }) => [`\`${id}\``, title, cure(ids, remedies)]),
  )

/** The page docs/findings.md, whole. */
export const findingsPage = (
  rows: readonly GuideRow[],
  rules: readonly Rule[],
  remedies: readonly Remedy[],
): string => `# Findings

Printed by \`lanekeeper rules --markdown\`. \`lanekeeper rules <id>\`, or \`/pcie explain <id>\` in a chat, says why a finding matters and what to do.

## What the guide asks for, and what answers it

${guideTable(rows)}

## All findings

Causes stand before what follows from them. *auto*: the bot can plan the remedy where the node allows it, and waits for approval. *manual*: it says what a
person can do, and plans nothing.

${findingsTable(rules, remedies)}
`

const answer = (findings: readonly string[], note: string | null): string =>
  [findings.map((id) => `\`${id}\``).join(', '), note ?? ''].filter(Boolean).join('. ')

function cure(ids: readonly string[], remedies: readonly Remedy[]): string {
  if (ids.length === 0) return 'manual'
  const titles = ids.map((id) => remedies.find((one) => one.id === id)?.title ?? id)
  return `auto: ${titles.join('; ')}`
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(cell).join(' | ')} |`).join('\n')

const cell = (text: string): string => text.replaceAll('|', '\\|')
