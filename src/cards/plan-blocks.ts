import { backByHand, byHand, isCarriedOut } from '../changes/by-hand.ts'
import { digest, type Plan } from '../changes/plan.ts'
import type { Block } from './card.ts'
import { lasting, listed } from './words.ts'

/** All that an approver signs, in words: arguments, files, commands, reboot, what goes down, the way back, the risks. Where the bot does not carry it out, what a person does instead. `away`: the seconds that the node's last reboots took. */
export function planBlocks(plan: Plan, away: number | null = null): Block[] {
  const bot = isCarriedOut(plan)
  return [
    {
      type: 'heading',
      text: bot
        ? `Proposed change on ${plan.node}: ${plan.title}`
        : `Plan for ${plan.node}, not carried out by the bot: ${plan.title}`,
    },
    { type: 'fields', fields: planFields(plan, away) },
    ...plan.edits.flatMap((edit): Block[] => [
      { type: 'text', text: `${edit.path}, ${editedWhen(plan, bot)}:` },
      { type: 'diff', lines: edit.diff },
    ]),
    ...(bot ? commandBlocks('The bot then runs:', plan.commands) : byHandBlocks(plan)),
    ...(plan.risks.length
      ? [{ type: 'text', text: 'Risks:' } as const, { type: 'list', items: plan.risks } as const]
      : []),
    { type: 'text', text: wayBack(plan) },
  ]
}

const editedWhen = (plan: Plan, bot: boolean): string =>
  bot ? (plan.reboot ? 'once the trial has passed' : 'with a copy kept') : 'to be edited by hand'

const commandBlocks = (label: string, commands: readonly string[]): Block[] =>
  commands.length
    ? [
        { type: 'text', text: label },
        { type: 'code', text: commands.join('\n') },
      ]
    : []

function byHandBlocks(plan: Plan): Block[] {
  const menu = [
    ...(plan.args.add.length ? [`take out ${plan.args.add.join(' ')}`] : []),
    ...(plan.args.remove.length ? [`put back ${plan.args.remove.join(' ')}`] : []),
  ]
  return [
    ...commandBlocks(`By hand, as root on ${plan.node}, with its console (IPMI, iKVM, serial) at hand:`, byHand(plan)),
    ...commandBlocks(
      `If it does not come up: in the boot menu press e on the entry and ${menu.join(', ')}. To take it back, once it is up:`,
      backByHand(plan),
    ),
  ]
}

function planFields(plan: Plan, away: number | null): [string, string][] {
  return [
    ...(plan.reboot ? lineFields(plan) : []),
    ['Reboot', plan.reboot ? `yes, ${plan.node}: ${rebootWords(plan)}${awayWords(away)}` : 'no'],
    ['Goes down', downWords(plan)],
    ...(plan.takesAtBoot.length
      ? [['At boot', `takes devices: ${plan.takesAtBoot.join('; ')}`] as [string, string]]
      : []),
    ['Way back', WAYS_BACK[plan.revert]],
    ['Risk', plan.risk === 1 ? '1 of 2: ordinary' : '2 of 2: read the risks'],
    ['Digest', digest(plan)],
  ]
}

const awayWords = (away: number | null): string => (away === null ? '' : `; it took ${lasting(away)} the last times`)

/** What goes down with the node, and what of it nobody starts again. */
export function downWords({ goesDown, staysOff }: Plan): string {
  if (goesDown.length === 0) return 'no running guest'
  return staysOff.length === 0
    ? listed(goesDown)
    : `${listed(goesDown)}; not started again by itself: ${listed(staysOff)}`
}

const lineFields = ({ args, kernel }: Plan): [string, string][] => [
  ['Add', args.add.join(' ') || '–'],
  ['Remove', args.remove.join(' ') || '–'],
  ['Kernel', kernel],
]

const rebootWords = (plan: Plan): string =>
  isCarriedOut(plan) ? 'one trial boot; nothing permanent before it has been checked' : 'by a person, not by the bot'

const WAYS_BACK: Record<Plan['revert'], string> = {
  proven: 'by itself; proven on the node before the reboot',
  none: 'NOT by itself',
  undo: '/pcie undo, or undo.sh on the node',
}

const MECHANISMS = {
  esp: 'GRUB spends a one-time flag on the EFI partition before it offers the trial, so the trial starts once at most and every later start is the old configuration.',
  boot: 'GRUB spends a one-time flag on /boot before it offers the trial, so the trial starts once at most and every later start is the old configuration.',
  'one-shot':
    'systemd-boot deletes the order to start the trial before it starts it, so the trial starts once at most and every later start is the old configuration.',
  window:
    'The trial is the default for ten minutes by the hardware clock; a trial that panics waits until they are over, and from then on every start is the old configuration. Should it hang, wait for the ten minutes to pass before its power is cut, or choose the normal entry in the boot menu: before that a start would be the trial once more.',
}

/** The promise about reverting: after what, and by which mechanism. */
export function wayBack({ node, revert, trial }: Plan): string {
  if (revert === 'undo')
    return `Nothing of it is for a boot to try, so ${node} is not rebooted. Copies are kept; what is found wrong afterwards is put back at once.`
  if (revert === 'none' || trial === null)
    return `${node} cannot go back by itself: no safe way to start a trial exactly once was found, so the bot does not carry this out.`
  const mechanism = MECHANISMS[trial.kind === 'flag' ? trial.on : trial.kind]
  const soon = trial.kind === 'window' ? 'within ten minutes' : 'at once'
  return `${node} comes back by itself: after a kernel panic ${soon}, after a hang by a power cycle, and by a guard on the node when it is up but cannot be reached. ${mechanism}`
}
