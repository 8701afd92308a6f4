import { z } from 'zod'
import { Policy } from '../changes/policy.ts'
import { Platforms } from './platforms.ts'

const name = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'expected a name of letters, digits, dot, dash or underscore')
const login = {
  host: z.string().min(1, 'expected a host name or an address'),
  port: z.number().int().min(1).max(65535).default(22),
  user: z.string().min(1).default('root'),
  key: z.string().min(1).optional(),
  passphraseEnv: z.string().min(1).optional(),
  agent: z.boolean().default(false),
}
export const Login = z.strictObject(login)
const Room = z.strictObject({
  people: z.array(name).min(1, 'expected at least one name').default(['operator', 'approver']),
  channel: name.default('ops'),
  incidents: name.default('incidents'),
})
/** What `lanekeeper.yaml` may hold. */
export const File = z.strictObject({
  nodes: z.record(
    name.refine((one) => one.toLowerCase() !== 'all', '`all` means every node, so no node can be called that'),
    z.strictObject({
      ...login,
      /** Then `key` is for looking alone, and this one is only read after an approval. */
      changeKey: z.string().min(1).optional(),
      jump: name.optional(),
      sudo: z.boolean().default(false),
      labels: z.array(name).default([]),
      watch: z.boolean().default(false),
      discover: z.boolean().default(false),
    }),
  ),
  jumps: z.record(name, Login).default({}),
  watching: z
    .strictObject({
      quiet: Policy.shape.windows,
      perHour: z.number().int().min(1).default(6),
    })
    .prefault({}),
  http: z
    .union([
      z.literal(false),
      z.strictObject({
        host: z.string().min(1).default('127.0.0.1'),
        port: z.number().int().min(0).max(65535).default(9469),
      }),
    ])
    .prefault({}),
  console: Room.prefault({}),
  ...Platforms,
  policy: z.strictObject(Policy.shape),
  data: z.string().min(1).default('data/state'),
})
export type File = z.infer<typeof File>
