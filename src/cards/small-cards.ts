import { type Change, tookBack } from '../changes/change.ts'
import type { AuditLine } from '../changes/ports.ts'
import type { Rule } from '../diagnosis/rule.ts'
import type { Refusal } from '../errors.ts'
import type { Block, Card, Tone } from './card.ts'
import { stateWords, utc } from './words.ts'

/** One entry of a change's timeline. */
export const stepCard = (
  change: Change,
  step: { readonly at: string; readonly says: string },
  tone: Tone = 'info',
  calls: readonly string[] = [],
): Card => ({
  title: `${change.plan.node}, change ${change.id}`,
  tone,
  blocks: [text(step.says)],
  ...(calls.length > 0 && { calls }),
})

/** Everything about one rule: `/pcie explain`. */
export const ruleCard = (rule: Rule): Card => ({
  title: `${rule.id}: ${rule.title}`,
  tone: 'info',
  blocks: [
    { type: 'heading', text: 'Why it matters' },
    { type: 'text', text: rule.why },
    { type: 'heading', text: 'What to do' },
    { type: 'text', text: rule.fix },
    ...(rule.needs.length
      ? [{ type: 'heading', text: 'How the bot knows' } as const, text(`It reads ${rule.needs.join(', ')}.`)]
      : []),
    ...(rule.mutedBy.length ? [text(`Explained by ${rule.mutedBy.join(', ')} where that is found.`)] : []),
    ...(rule.links.length ? [{ type: 'list', items: rule.links } as const] : []),
  ],
})

/** All rules there are, one line each. */
export const rulesCard = (rules: readonly Rule[]): Card => ({
  title: `${rules.length} things the bot looks for`,
  tone: 'info',
  blocks: [
    { type: 'fields', fields: rules.map(({ id, title }) => [id, title]) },
    text('/pcie explain <id> says why it matters and what to do.'),
  ],
})

/** What is under way, and whether anything may start at present. */
export const statusCard = (live: readonly Change[], frozen?: string): Card => ({
  title: live.length
    ? `${live.length === 1 ? '1 change is' : `${live.length} changes are`} under way`
    : 'nothing is under way',
  tone: frozen ? 'warn' : 'info',
  blocks: [
    ...(frozen ? [text(`${frozen}.`)] : []),
    ...(live.length
      ? [
          { type: 'fields', fields: live.map((change) => changeLine(change)) } as const,
          text('/pcie status <change> shows its card here again.'),
        ]
      : [text('/pcie history shows what was.')]),
  ],
})

/** One change in a line: until its card takes the place of it, or where another change has taken it back. */
export const changeInShort = (change: Change, backBy?: string): Card => ({
  title: `${change.plan.node}, change ${change.id}: ${backBy ? `taken back by change ${backBy}` : stateWords(change)}`,
  tone: 'info',
  blocks: [{ type: 'fields', fields: [changeLine(change, backBy)] }],
})

/** The last closed changes, newest first. */
export const historyCard = (changes: readonly Change[]): Card => ({
  title: changes.length
    ? `the last ${changes.length === 1 ? 'change' : `${changes.length} changes`}`
    : 'no change has been closed yet',
  tone: 'info',
  blocks: changes.length
    ? [
        {
          type: 'fields',
          fields: changes.map((change) => changeLine(change, changes.find((other) => tookBack(other, change.id))?.id)),
        },
      ]
    : [],
})

const changeLine = (change: Change, backBy?: string): readonly [string, string] => [
  change.id,
  `${change.plan.node}: ${change.plan.title} – ${stateWords(change)}${backBy ? `, taken back by change ${backBy}` : change.state === 'closed' ? ` (${change.because})` : ''}, ${utc(change.since)}, asked by ${change.requestedBy.name}`,
]

/** The last lines of the audit trail, newest first. */
export const auditCard = (lines: readonly AuditLine[]): Card => ({
  title: lines.length
    ? `the last ${lines.length === 1 ? 'line' : `${lines.length} lines`} of the audit trail`
    : 'the audit trail is empty',
  tone: 'info',
  blocks: lines.length
    ? [
        { type: 'fields', fields: lines.map(auditLine) },
        text('lanekeeper audit verify checks that no line was changed, removed or added.'),
      ]
    : [],
})

const auditLine = ({ n, at, actor, act, node, change, detail }: AuditLine): readonly [string, string] => {
  const on = [node, change && `change ${change}`].filter(Boolean).join(', ')
  const more = typeof detail === 'string' ? detail : JSON.stringify(detail)
  return [`${n}`, `${utc(at)}, ${actor}: ${act}${on && ` (${on})`}${more ? ` – ${more}` : ''}`]
}

/** A "no" with its reason and the way past it. */
export const refusalCard = ({ refused, hint }: Refusal, title = 'Not done'): Card => ({
  title,
  tone: 'warn',
  blocks: [text(sentence(refused)), ...(hint ? [text(`What to do: ${hint}`)] : [])],
})

/** A few words for one person. */
export const noteCard = (title: string, says?: string, tone: Tone = 'info'): Card => ({
  title,
  tone,
  blocks: says ? [text(says)] : [],
})

const text = (words: string): Block => ({ type: 'text', text: words })
const sentence = (words: string): string => (/[.!?:]$/.test(words) ? words : `${words}.`)
