import type { Plan } from './plan.ts'
import { digest } from './plan.ts'

/** The plan as `--json` prints it (PROBES): what other programs rely on, without the texts that only the runner needs. */
export const planJson = (plan: Plan) => ({
  digest: digest(plan),
  remedy: plan.remedy,
  args: plan.args,
  edits: plan.edits.map(({ path, before, after }) => ({ path, before, after })),
  commands: plan.commands,
  reboot: plan.reboot,
  revert: plan.revert,
  risks: plan.risks,
  goesDown: plan.goesDown,
})
