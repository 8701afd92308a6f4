import { z } from 'zod'

/** Who may approve, how many it takes, and how long things may last. Times are in seconds. An empty list means nobody. */
export const Policy = z.object({
  approvers: z.array(z.string()).min(1, 'an empty approver list means that nobody can approve: name at least one id'),
  quorum: z.number().int().min(1).default(1),
  quorumForRisk2: z.number().int().min(1).default(2),
  selfApproval: z.boolean().default(false),
  guests: z.enum(['refuse', 'shut-down']).default('refuse'),
  cardExpires: z
    .number()
    .positive()
    .default(24 * 3600),
  /** How long the guard on the node waits for the confirmation before it reboots. */
  guardDeadline: z.number().int().positive().default(900),
  /** How long the node may stay away after the reboot before people take over. */
  rebootDeadline: z.number().positive().default(1800),
  /** How long a node may need after its boot until every check passes. */
  settle: z.number().positive().default(300),
  /** How long every check has to keep passing. */
  stability: z.number().nonnegative().default(60),
})
export type Policy = z.infer<typeof Policy>
