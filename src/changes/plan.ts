import { createHash } from 'node:crypto'
import { z } from 'zod'
import { FileEdit, TrialMechanism } from '../boot/chain.ts'
import { JobOrder } from './job.ts'

/** What would be done on a node: all that an approver signs. Arguments are whole words of the kernel line. */
export const Plan = z.object({
  node: z.string(),
  /** Rule id of the cause that the plan cures. */
  cause: z.string(),
  target: z.string().nullable(),
  remedy: z.string(),
  title: z.string(),
  args: z.object({ add: z.array(z.string()), remove: z.array(z.string()) }),
  /** The words behind the kernel image as they run now, and as they will stand once the change is kept. */
  line: z.object({ now: z.array(z.string()), kept: z.array(z.string()) }),
  kernel: z.string(),
  /** The boot it was made in; null where a capture does not tell, and then it is only to be read. */
  bootId: z.uuid().nullable(),
  edits: z.array(FileEdit),
  /** The work besides the files, in order. */
  jobs: z.array(JobOrder).default([]),
  commands: z.array(z.string()),
  /** What a person types to take the commands back, once the files are as they were. */
  commandsBack: z.array(z.string()).default([]),
  chain: z.string(),
  /** null = there is no trial: none is needed, or (`revert` is none) no way is known in which the node would go back by itself, and the plan is not carried out. */
  trial: TrialMechanism.nullable(),
  /** false = in place: nothing in it is for a boot to try. */
  reboot: z.boolean(),
  /** `undo`: no boot is at stake, and the old state is given back. */
  revert: z.enum(['proven', 'none', 'undo']),
  risk: z.union([z.literal(1), z.literal(2)]),
  risks: z.array(z.string()),
  /** Running guests, as `qemu 101`. */
  goesDown: z.array(z.string()),
  /** Those of them that do not start with the node. */
  staysOff: z.array(z.string()).default([]),
  /** Guests that start with the node and take devices then, as `qemu 101: 0000:01:00.0`. */
  takesAtBoot: z.array(z.string()).default([]),
  /** Devices (full BDFs) that the cure is about. */
  devices: z.array(z.string()),
  /** The change that this plan takes back; null where it cures a cause. */
  undoes: z.string().nullable(),
})
export type Plan = z.infer<typeof Plan>

/** What an approver signs: one byte more in the plan, another digest. Twelve hex digits of its sha256. */
export const digest = (plan: Plan): string =>
  createHash('sha256')
    .update(JSON.stringify(Plan.parse(plan)))
    .digest('hex')
    .slice(0, 12)
