import { createHash } from 'node:crypto'
import { z } from 'zod'

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** One file as it must be before, and as it will be after. `before`/`after` are sha256 of the bytes; `diff` is for people. */
export const FileEdit = z.object({
  path: z.string().startsWith('/'),
  before: Sha256,
  after: Sha256,
  text: z.string(),
  diff: z.array(z.string()),
})
export type FileEdit = z.infer<typeof FileEdit>

/** How a trial boot starts exactly once: a flag that GRUB spends on a file system it can write, or a time window. */
export const TrialMechanism = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('flag'), on: z.enum(['esp', 'boot']), uuid: z.string() }),
  z.object({ kind: z.literal('window'), rtcInUtc: z.boolean() }),
])
export type TrialMechanism = z.infer<typeof TrialMechanism>

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
  bootId: z.uuid(),
  edits: z.array(FileEdit),
  commands: z.array(z.string()),
  chain: z.string(),
  trial: TrialMechanism,
  reboot: z.boolean(),
  revert: z.enum(['proven', 'partly', 'none']),
  risk: z.union([z.literal(1), z.literal(2)]),
  risks: z.array(z.string()),
  /** Running guests, as `qemu 101`. */
  goesDown: z.array(z.string()),
  /** Devices (full BDFs) that the cure is about. */
  devices: z.array(z.string()),
})
export type Plan = z.infer<typeof Plan>

/** What an approver signs: one byte more in the plan, another digest. Twelve hex digits of its sha256. */
export const digest = (plan: Plan): string =>
  createHash('sha256')
    .update(JSON.stringify(Plan.parse(plan)))
    .digest('hex')
    .slice(0, 12)
