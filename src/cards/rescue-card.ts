import type { Change } from '../changes/change.ts'
import type { Policy } from '../changes/policy.ts'
import type { Block, Card } from './card.ts'
import { downWords, wayBack } from './plan-blocks.ts'
import { lasting, listed } from './words.ts'

/** Posted before the reboot, so that everything a person at the console needs is in the room while the bot may not be. */
export function rescueCard(change: Change, policy: Policy): Card {
  const { plan, votes, requestedBy } = change
  const approvers = votes.filter(({ yes }) => yes).map(({ by }) => by.name)
  return {
    title: `${plan.node}: rebooting now for a trial – keep this at hand`,
    tone: 'warn',
    blocks: [
      {
        type: 'fields',
        fields: [
          ['Change', `${change.id}, ${plan.title} (digest ${change.digest})`],
          ['Asked by', requestedBy.name],
          ['Approved by', listed(approvers) || 'nobody'],
          ['Goes down', downWords(plan)],
          [
            'Guard',
            `takes ${plan.node} back ${lasting(policy.guardDeadline)} after the trial's start, unless the bot confirms`,
          ],
          ['People', `are called when it is not back after ${lasting(policy.guardDeadline + policy.rebootDeadline)}`],
        ],
      },
      { type: 'text', text: `You need to do nothing. ${wayBack(plan)}` },
      ...menuBlocks(change),
    ],
  }
}

/** What to do at the console when a node does not come back: the menu edit, the old arguments, the way to put all back. */
export function menuBlocks({ id, plan }: Change): Block[] {
  const { add, remove } = plan.args
  const edits = [
    ...(add.length ? [`take out:  ${add.join(' ')}`] : []),
    ...(remove.length ? [`put back:  ${remove.join(' ')}`] : []),
  ]
  return [
    { type: 'heading', text: `If ${plan.node} does not come back: at its console` },
    {
      type: 'list',
      items: [
        `If it is up after all, do not reboot it before you have run sh /var/lib/lanekeeper/${id}/undo.sh: the trial may still be armed.`,
        'Else power-cycle it. In the boot menu choose the first, normal entry; not the trial.',
        `If it starts the trial all the same: press e on the entry, edit the line that begins with "linux", then Ctrl-X.${edits.length ? `\n${edits.join('\n')}` : ''}`,
        `Once it is up, as root, put everything back as it was: sh /var/lib/lanekeeper/${id}/undo.sh`,
        `The backups are in /var/lib/lanekeeper/${id}/`,
      ],
    },
    { type: 'text', text: 'The arguments it ran with before:' },
    { type: 'code', text: plan.line.now.join(' ') },
  ]
}
