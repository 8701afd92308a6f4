import type { Change } from '../changes/change.ts'
import { planCard } from './change-card.ts'
import { cardMarkdown, plain, table } from './markdown.ts'
import { stateWords, utc } from './words.ts'

/** A change as Markdown for the post-mortem: what it was for, who decided, every step with its time, how it ended. */
export function postMortem(change: Change): string {
  const { id, plan, requestedBy, votes, digest, away, log } = change
  const fields: [string, string][] = [
    ['Node', plan.node],
    ['Cause', `${plan.cause}${plan.target ? `, ${plan.target}` : ''}`],
    ['Change', plan.title],
    ['Ended', stateWords(change)],
    ...(change.state === 'closed' ? [['Because', change.because] as [string, string]] : []),
    ['Asked by', `${requestedBy.name} (${requestedBy.id})`],
    ...votes.map(({ by, yes, at }): [string, string] => [
      yes ? 'Approved by' : 'Denied by',
      `${by.name} (${by.id}), ${utc(at)}`,
    ]),
    ...(away === null ? [] : [['Away while it rebooted', `${Math.round(away)} s`] as [string, string]]),
    ['Digest', digest],
  ]
  return [
    `# ${plain(`${plan.node}, change ${id}: ${stateWords(change)}`)}`,
    table(fields),
    '## Timeline (UTC)',
    [
      '| at | what |',
      '|---|---|',
      ...log.map(
        ({ at, says }) => `| ${at.slice(0, 19).replace('T', ' ')} | ${says.split('\n').map(plain).join('<br>')} |`,
      ),
    ].join('\n'),
    '## The plan',
    cardMarkdown(planCard(plan), 3),
    '',
  ].join('\n\n')
}
