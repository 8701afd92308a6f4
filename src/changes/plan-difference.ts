import type { Plan } from './plan.ts'

/** In words what differs between the plan that was approved and the one that would be made now. */
export function differences(approved: Plan, now: Plan): string {
  const out: string[] = []
  if (approved.trial && !now.trial) out.push(now.risks[0] ?? 'it cannot revert by itself any more')
  if (approved.bootId !== now.bootId) out.push('it was rebooted meanwhile')
  for (const edit of now.edits) {
    const was = approved.edits.find(({ path }) => path === edit.path)
    if (was?.before !== edit.before) out.push(`${edit.path} was edited meanwhile`)
  }
  if (differ(approved.goesDown, now.goesDown)) out.push('other guests are running now')
  if (differ(approved.takesAtBoot, now.takesAtBoot)) out.push('other guests take devices at the next boot')
  if (differ(approved.args, now.args) || differ(approved.line, now.line)) out.push('the arguments would be others')
  if (approved.kernel !== now.kernel) out.push(`kernel ${now.kernel} would boot, not ${approved.kernel}`)
  return out.length > 0 ? out.join('; ') : 'the plan made now is another one'
}

const differ = (left: unknown, right: unknown): boolean => JSON.stringify(left) !== JSON.stringify(right)
