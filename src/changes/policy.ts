import { z } from 'zod'
import { isTimeZone, readWindow } from './windows.ts'

/** Ids of people or groups: `console:bob`, `slack:U0123`, `slack:group:S0123`, `discord:1234`, `discord:role:1234`. */
const Ids = z.array(z.string())

const WINDOW = 'not a time: expected `22:00-04:00`, `Sat 22:00-04:00` or `Mon-Fri 01:00-05:00`'

/** Who may do what, how many approvals it takes, and how long things may last. Times are in seconds. An empty list means nobody. */
export const Policy = z.object({
  approvers: Ids.min(1, 'an empty approver list means that nobody can approve: name at least one id'),
  /** Who may have a plan put up for approval, take one back, freeze; null = everybody who may look. */
  operators: Ids.nullable().default(null),
  /** Who may look at all; null = everybody who can write to the bot. */
  viewers: Ids.nullable().default(null),
  /** Who is called when a person is needed, besides the one who asked. */
  calls: Ids.default([]),
  quorum: z.number().int().min(1).default(1),
  quorumForRisk2: z.number().int().min(1).default(2),
  selfApproval: z.boolean().default(false),
  /** When a node may be rebooted, as `Sat 22:00-04:00`; none = at any time. */
  windows: z.array(z.string().refine((text) => readWindow(text) !== null, WINDOW)).default([]),
  timeZone: z
    .string()
    .refine(isTimeZone, 'no time zone of that name is known: give one such as Europe/Vienna or UTC')
    .default('UTC'),
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
