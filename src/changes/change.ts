import { z } from 'zod'
import { Health } from '../facts/probes/health.ts'
import { Plan } from './plan.ts'

/** Somebody, by an id that never changes (`console:approver`); the name is for reading only. */
export const Actor = z.object({ id: z.string(), name: z.string(), bot: z.boolean() })
export type Actor = z.infer<typeof Actor>

/** A message on a platform, found again after a restart. */
export const MessageRef = z.object({
  adapter: z.string(),
  channel: z.string(),
  message: z.string(),
  thread: z.string().nullable(),
})
export type MessageRef = z.infer<typeof MessageRef>

/** A reaction that counts: who, yes or no, to which digest, when. */
export const Vote = z.object({ by: Actor, yes: z.boolean(), digest: z.string(), at: z.iso.datetime() })
export type Vote = z.infer<typeof Vote>

/** The node before the trial: what the check compares with. Guests as `qemu 101`; only those that start at boot must be back. */
export const Before = z.object({
  health: Health,
  running: z.array(z.string()),
  onboot: z.array(z.string()),
  devices: z.array(z.string()),
  /** Name of the cluster that the node is a member of. */
  cluster: z.string().nullable().default(null),
  /** IOMMU groups: number to members (full BDFs). */
  groups: z.record(z.string(), z.array(z.string())).default({}),
})
export type Before = z.infer<typeof Before>

export const OUTCOMES = [
  'denied',
  'expired',
  'cancelled',
  'stale',
  'refused',
  'failed',
  'reverted',
  'undone',
  'stuck',
  'done',
] as const
export type Outcome = (typeof OUTCOMES)[number]

const common = {
  id: z.string(),
  version: z.number().int(),
  plan: Plan,
  digest: z.string(),
  requestedBy: Actor,
  createdAt: z.iso.datetime(),
  /** When the state was entered. */
  since: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  votes: z.array(Vote),
  /** Seconds from the reboot until the trial boot answered; null = it has not yet. */
  away: z.number().nullable().default(null),
  /** What happened, for people: the timeline of the thread. */
  log: z.array(z.object({ at: z.iso.datetime(), says: z.string() })),
}
const rebooting = { ...common, before: Before, oldBootId: z.uuid() }
const onTrial = { ...rebooting, trialBootId: z.uuid() }

/** A plan on its way. A state says what has already happened, and is on disk before the next act (DESIGN "Changing"). */
export const Change = z.discriminatedUnion('state', [
  z.object({ state: z.literal('proposed'), ...common }),
  z.object({ state: z.literal('approved'), ...common }),
  z.object({ state: z.literal('arming'), ...common, before: Before }),
  z.object({ state: z.literal('armed'), ...common, before: Before }),
  z.object({ state: z.literal('rebooting'), ...rebooting }),
  /** `wellSince`: all checks have been passing since then; null while one does not. */
  z.object({ state: z.literal('verifying'), ...onTrial, wellSince: z.iso.datetime().nullable() }),
  z.object({ state: z.literal('committing'), ...onTrial }),
  /** No boot has to try it: what has been prepared is being done. */
  z.object({ state: z.literal('mending'), ...onTrial }),
  /** `touched`: permanent files may have been written, and have to be taken back. */
  z.object({ state: z.literal('going-back'), ...onTrial, because: z.string(), touched: z.boolean() }),
  z.object({ state: z.literal('closed'), ...common, outcome: z.enum(OUTCOMES), because: z.string() }),
])
export type Change = z.infer<typeof Change>
export type State = Change['state']
export type In<S extends State> = Extract<Change, { state: S }>

/** Whether a change took the one with this id back, and was kept. */
export const tookBack = (change: Change, id: string): boolean =>
  change.plan.undoes === id && change.state === 'closed' && change.outcome === 'done'

/** The last time the same was tried on the same node, when it went back. `closed`: newest first. */
export function triedBefore(closed: readonly Change[], wanted: Plan): In<'closed'> | undefined {
  const tries = ({ node, args, edits, jobs }: Plan) =>
    JSON.stringify([node, args, edits.map(({ path, after }) => [path, after]), jobs])
  const same = (plan: Plan) => tries(plan) === tries(wanted)
  const tried = closed.filter((change): change is In<'closed'> => change.state === 'closed' && same(change.plan))
  const last = tried.find(({ outcome }) => ['done', 'reverted', 'undone'].includes(outcome))
  return last?.outcome === 'done' ? undefined : last
}

/** Live = not closed. */
export const isLive = (change: Change): boolean => change.state !== 'closed'
