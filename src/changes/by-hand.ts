import type { Refusal } from '../errors.ts'
import type { Plan } from './plan.ts'

/** Where a person is told to keep the file as it was; on the root file system, so that a rescue shell finds it. */
const keptAs = (path: string): string => `/root/${path.replace(/^\//, '').replaceAll('/', '-')}.before`

/** Whether lanekeeper carries the plan out once it is approved; else it is only to be read, and a person does it by `byHand`. */
export const isCarriedOut = ({ reboot, trial, revert }: Pick<Plan, 'reboot' | 'trial' | 'revert'>): boolean =>
  reboot ? trial !== null && revert === 'proven' : revert === 'undo'

/** The commands of a person who carries the plan out without the bot, in order: the edits themselves are in the plan. */
export const byHand = ({ edits, commands, reboot }: Pick<Plan, 'edits' | 'commands' | 'reboot'>): string[] => [
  ...edits.flatMap(({ path, was }) => [...(was === null ? [] : [`cp -p ${path} ${keptAs(path)}`]), `nano ${path}`]),
  ...commands,
  ...(reboot ? ['reboot'] : []),
]

/** The commands that take it back, once the node is up again or from a rescue shell. */
export const backByHand = ({
  edits,
  commandsBack,
  reboot,
}: Pick<Plan, 'edits' | 'commandsBack' | 'reboot'>): string[] => [
  ...edits.map(({ path, was }) => (was === null ? `rm ${path}` : `cp -p ${keptAs(path)} ${path}`)),
  ...commandsBack,
  ...(reboot ? ['reboot'] : []),
]

/** Why the plan is not put up for approval, and what a person does instead; undefined = lanekeeper carries it out. */
export function notCarriedOut(plan: Plan): Refusal | undefined {
  const { node, bootId, edits, commands, risks } = plan
  if (isCarriedOut(plan) && bootId !== null) return undefined
  const steps = [...edits.map(({ path }) => `edit ${path}`), ...commands.map((command) => `run ${command}`), 'reboot']
  return {
    refused: isCarriedOut(plan)
      ? 'which boot the plan was made in is not known, so lanekeeper does not carry it out'
      : `${risks[0]?.replace(/\.$/, '') ?? 'This node cannot revert by itself'}. Lanekeeper does not carry the plan out`,
    hint: `by hand, with the console of ${node} at hand: ${steps.join(', ')}.`,
  }
}
