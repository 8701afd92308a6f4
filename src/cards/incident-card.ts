import { isCarriedOut } from '../changes/by-hand.ts'
import type { Change } from '../changes/change.ts'
import type { Plan } from '../changes/plan.ts'
import type { Policy } from '../changes/policy.ts'
import type { Report } from '../diagnosis/report.ts'
import { targetText } from '../diagnosis/target.ts'
import type { Refusal } from '../errors.ts'
import type { Card } from './card.ts'
import { votesOf } from './change-card.ts'
import { evidenceItems, type Found } from './evidence.ts'
import type { Diagnosed } from './report-card.ts'
import { menuBlocks } from './rescue-card.ts'
import { changeTone, stateWords } from './words.ts'

/** What an incident channel sees of a change: short, and never the message to react on. */
export function incidentCard(change: Change, policy: Policy): Card {
  const { id, state, plan, digest, requestedBy } = change
  const fields: [string, string][] = [
    ['Cause', `${plan.cause}${plan.target ? `, ${plan.target}` : ''}`],
    ['Change', plan.title],
    ['Goes down', plan.goesDown.join(', ') || 'no running guest'],
    ['Asked by', requestedBy.name],
    ['Approvals', votesOf(change, policy)],
  ]
  if (change.state === 'closed' || change.state === 'going-back') fields.unshift(['Because', change.because])
  return {
    title: `${plan.node}, change ${id}: ${stateWords(change)}`,
    tone: state === 'proposed' ? 'warn' : changeTone(change),
    blocks: [
      { type: 'fields', fields },
      ...(state === 'proposed'
        ? [{ type: 'text', text: `/pcie status ${id} shows the whole plan here, to be approved or denied.` } as const]
        : []),
      ...(change.state === 'closed' && change.outcome === 'stuck' && plan.reboot ? menuBlocks(change) : []),
    ],
    change: { id, state, digest },
  }
}

/** Whether passthrough is blocked, by what was found. */
export const isBlocked = ({ results }: Report): boolean =>
  results.some((one) => one.status === 'found' && one.severity === 'blocker')

/** What is elsewhere than at the last visit; undefined = nothing. */
export const movedIn = ({ results }: Report): Found | undefined => found(results, 'groups-changed')

/** The bot noticed something by itself, and is looking why. */
export const noticedCard = (node: string, target: string, noticed: string): Card => ({
  title: `${node}, ${target}: looking why it did not start …`,
  tone: 'warn',
  blocks: [{ type: 'text', text: `${noticed}.` }],
})

/** What the bot noticed, and why it could not look into it. */
export const unseenCard = (node: string, target: string, noticed: string, { refused, hint }: Refusal): Card => ({
  title: `${node}, ${target}: did not start, and could not be looked at`,
  tone: 'warn',
  blocks: [
    { type: 'text', text: `${noticed}.` },
    { type: 'text', text: `${refused}.${hint ? `\nWhat to do: ${hint}` : ''}` },
  ],
})

/** A blocker was found, or something moved: told to the incident channels, whoever asked. `noticed`: why the bot looked by itself. */
export function foundCard({ report, plan, noPlanBecause }: Diagnosed, noticed?: string): Card {
  const blocked = isBlocked(report)
  const cause = found(report.results, report.verdict.cause)
  const moved = movedIn(report)
  return {
    title: `${report.node}${report.target ? `, ${targetText(report.target)}` : ''}: ${blocked ? 'blocker found' : moved ? 'changed since the last visit' : 'passthrough is not the reason'}`,
    tone: blocked ? 'danger' : moved ? 'warn' : 'info',
    blocks: [
      ...(noticed ? [{ type: 'text', text: `${noticed}.` } as const] : []),
      ...(blocked
        ? [
            { type: 'text', text: report.verdict.says } as const,
            ...(cause ? [{ type: 'list', items: evidenceItems(cause.evidence, 2) } as const] : []),
            {
              type: 'text',
              text: plan ? cureOf(plan) : `A person has to cure it${noPlanBecause ? `: ${noPlanBecause}` : '.'}`,
            } as const,
          ]
        : []),
      ...(noticed && moved && !(blocked && moved === cause)
        ? [
            { type: 'text', text: `${moved.rule.title}:` } as const,
            { type: 'list', items: evidenceItems(moved.evidence, 6) } as const,
          ]
        : []),
      ...(noticed && !blocked ? [{ type: 'text', text: moved?.rule.fix ?? report.verdict.says } as const] : []),
    ],
  }
}

const found = (results: Report['results'], id: string | null): Found | undefined =>
  results.find((one): one is Found => one.status === 'found' && one.rule.id === id)

const cureOf = (plan: Plan): string =>
  isCarriedOut(plan)
    ? `The bot can cure it: ${plan.title}.`
    : `A person has to cure it: ${plan.title}. /pcie diagnose ${plan.node} shows the commands; the bot does not carry them out, because the node could not go back by itself.`
