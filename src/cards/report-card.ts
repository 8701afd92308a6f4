import type { In } from '../changes/change.ts'
import { type Closed, gateWords } from '../changes/gate.ts'
import type { Plan } from '../changes/plan.ts'
import type { Report, Result } from '../diagnosis/report.ts'
import { targetText } from '../diagnosis/target.ts'
import type { Refusal } from '../errors.ts'
import { alsoBlocks } from './also-blocks.ts'
import type { Block, Card, Tone } from './card.ts'
import { evidenceItems, type Found } from './evidence.ts'
import { planBlocks } from './plan-blocks.ts'
import { counted, utc } from './words.ts'

/** What a diagnosis is made of; `Diagnosis` of core.ts is one. */
export interface Diagnosed {
  /** What the log calls it. */
  readonly id?: string
  readonly report: Report
  readonly plan: Plan | null
  readonly noPlanBecause: string | null
  readonly offers: readonly { readonly finding: string; readonly says: string }[]
  /** Why the plan must not be carried out at this moment, and the seconds that the node's last reboots took. */
  readonly outlook?: { readonly closedGates: readonly Closed[]; readonly away: number | null }
  /** Why a probe told nothing, by its name. */
  readonly missing?: Readonly<Record<string, string>>
}

const VERDICTS: Record<Report['verdict']['status'], readonly [tone: Tone, words: string]> = {
  broken: ['danger', 'PCIe passthrough is broken'],
  'at-risk': ['warn', 'PCIe passthrough is at risk'],
  healthy: ['ok', 'nothing wrong found'],
  unknown: ['warn', 'could not tell'],
}

/** The findings card: the verdict, what it rests on, what else there is, and the change that would cure it. */
export function reportCard(diagnosis: Diagnosed): Card {
  const { report, plan } = diagnosis
  const [tone, words] = VERDICTS[report.verdict.status]
  const cause = causeOf(report)
  return {
    title: `${report.node}${report.target ? `, ${targetText(report.target)}` : ''}: ${words}`,
    tone,
    blocks: [
      { type: 'text', text: report.verdict.says },
      summary(diagnosis, cause),
      ...(cause ? causeBlocks(report, cause) : []),
      ...alsoBlocks(report, cause, diagnosis.missing),
      ...(plan
        ? [...planBlocks(plan, diagnosis.outlook?.away), ...gateBlocks(diagnosis)]
        : nextBlocks(diagnosis, cause)),
    ],
  }
}

/** What has to be otherwise before an approval can start anything; looked at again then. */
const gateBlocks = ({ outlook: { closedGates } = { closedGates: [], away: null } }: Diagnosed): Block[] =>
  closedGates.length === 0
    ? []
    : [
        { type: 'text', text: 'As the node is now, an approval starts nothing and closes this card:' },
        { type: 'list', items: closedGates.map(gateWords) },
      ]

/** The report whose change could not be proposed: who or what stands in the way, and the way past it. */
export const refusedReport = (findings: Card, { refused, hint }: Refusal): Card => ({
  ...findings,
  blocks: [
    ...findings.blocks,
    { type: 'heading', text: 'Not up for approval' },
    { type: 'text', text: `${refused}.${hint ? `\nWhat to do: ${hint}` : ''}` },
  ],
})

/** The report whose change has been tried before, and did not come out well: what happened then stands first. */
export const withEarlierTrial = (findings: Card, { id, since, because, plan }: In<'closed'>): Card =>
  withNote(
    findings,
    `The same change was tried before (${id}, ${utc(since)}), and ${plan.node} went back: ${because}. What that boot said is in its journal, if it came as far as that: journalctl -b -1 (or -2, …) on ${plan.node}. Find out why before it is tried again.`,
  )

/** A card with something that has to be read first. */
export const withNote = (card: Card, text: string): Card => ({
  ...card,
  blocks: [{ type: 'text', text }, ...card.blocks],
})

const causeOf = ({ verdict, results }: Report): Found | undefined =>
  results.find((result): result is Found => result.status === 'found' && result.rule.id === verdict.cause)

function summary({ id, report, plan }: Diagnosed, cause: Found | undefined): Block {
  const fields: [string, string][] = []
  if (cause) {
    const told = report.verdict.says.startsWith(cause.rule.title)
    fields.push(['Cause', told ? cause.rule.id : `${cause.rule.title} (${cause.rule.id})`])
  }
  if (cause?.devices.length) fields.push([cause.devices.length === 1 ? 'Device' : 'Devices', cause.devices.join(', ')])
  if (plan) fields.push(['Cure', plan.title])
  fields.push(['Checked', checked(report.results)])
  if (report.takenAt) fields.push(['Read at', `${utc(report.takenAt)}${id ? `, diagnosis ${id}` : ''}`])
  return { type: 'fields', fields }
}

function checked(results: readonly Result[]): string {
  const count = (...statuses: Result['status'][]) => results.filter(({ status }) => statuses.includes(status)).length
  const parts = [`${counted(results.length, 'rule')}: ${count('ok')} ok`, `${count('found')} found something`]
  if (count('muted')) parts.push(`${count('muted')} explained by the cause`)
  if (count('unknown', 'crashed')) parts.push(`${count('unknown', 'crashed')} could not look`)
  return parts.join(', ')
}

const causeBlocks = (report: Report, cause: Found): Block[] => [
  { type: 'heading', text: `Seen on ${report.node}` },
  { type: 'list', items: evidenceItems(cause.evidence) },
  { type: 'text', text: cause.rule.why },
]

function nextBlocks({ report, noPlanBecause, offers }: Diagnosed, cause: Found | undefined): Block[] {
  const blocks: Block[] = []
  if (cause) {
    blocks.push({ type: 'heading', text: 'What to do' }, { type: 'text', text: cause.rule.fix })
    if (cause.rule.links.length) blocks.push({ type: 'list', items: cause.rule.links })
  }
  if (report.verdict.status !== 'healthy' || offers.length) blocks.push({ type: 'heading', text: 'What happens next' })
  if (report.verdict.status !== 'healthy')
    blocks.push({
      type: 'text',
      text: `The bot changes nothing and proposes no reboot${because(noPlanBecause === cause?.rule.fix ? 'this is for a person to do' : noPlanBecause)}.`,
    })
  if (offers.length)
    blocks.push(
      { type: 'text', text: 'Could be had besides, if somebody wants it:' },
      { type: 'list', items: offers.map(({ finding, says }) => `${says}: /pcie fix ${report.node} ${finding}`) },
    )
  return blocks
}

const because = (reason: string | null): string => (reason ? `: ${reason.replace(/\.$/, '')}` : '')
