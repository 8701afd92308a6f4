import { digest, type Plan } from '../changes/plan.ts'
import type { Block } from './card.ts'
import { listed } from './words.ts'

/** All that an approver signs, in words: arguments, files, commands, reboot, what goes down, the way back, the risks. */
export function planBlocks(plan: Plan): Block[] {
  return [
    { type: 'heading', text: `Proposed change on ${plan.node}: ${plan.title}` },
    { type: 'fields', fields: planFields(plan) },
    ...plan.edits.flatMap((edit): Block[] => [
      { type: 'text', text: `${edit.path}, once the trial has passed:` },
      { type: 'diff', lines: edit.diff },
    ]),
    ...(plan.commands.length
      ? [
          { type: 'text', text: 'The bot then runs:' } as const,
          { type: 'code', text: plan.commands.join('\n') } as const,
        ]
      : []),
    ...(plan.risks.length
      ? [{ type: 'text', text: 'Risks:' } as const, { type: 'list', items: plan.risks } as const]
      : []),
    { type: 'text', text: wayBack(plan) },
  ]
}

function planFields(plan: Plan): [string, string][] {
  return [
    ['Add', plan.args.add.join(' ') || '–'],
    ['Remove', plan.args.remove.join(' ') || '–'],
    ['Kernel', plan.kernel],
    ['Reboot', plan.reboot ? `yes, ${plan.node}: one trial boot; nothing permanent before it has been checked` : 'no'],
    ['Goes down', plan.goesDown.length ? listed(plan.goesDown) : 'no running guest'],
    ['Way back', WAYS_BACK[plan.revert]],
    ['Risk', plan.risk === 1 ? '1 of 2: ordinary' : '2 of 2: read the risks'],
    ['Digest', digest(plan)],
  ]
}

const WAYS_BACK: Record<Plan['revert'], string> = {
  proven: 'by itself; proven on the node before the reboot',
  none: 'NOT by itself',
}

const MECHANISMS = {
  esp: 'GRUB spends a one-time flag on the EFI partition before it offers the trial, so the trial starts once at most and every later start is the old configuration.',
  boot: 'GRUB spends a one-time flag on /boot before it offers the trial, so the trial starts once at most and every later start is the old configuration.',
  window:
    'The trial is the default only inside a short time window; once it has closed, every start is the old configuration.',
}

/** The promise about reverting: after what, and by which mechanism. */
export function wayBack({ node, revert, trial }: Plan): string {
  if (revert === 'none' || trial === null)
    return `${node} cannot go back by itself: no safe way to start a trial exactly once was found, so the bot does not carry this out.`
  const mechanism = trial.kind === 'flag' ? MECHANISMS[trial.on] : MECHANISMS.window
  return `${node} comes back by itself: after a kernel panic at once, after a hang by a power cycle, and by a guard on the node when it is up but cannot be reached. ${mechanism}`
}
