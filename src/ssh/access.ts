import { homedir } from 'node:os'
import { z } from 'zod'

const login = {
  host: z.string().min(1),
  port: z.number().int().min(1).max(65535).default(22),
  user: z.string().min(1).default('root'),
  /** A private key; `~/` is the home of whoever runs Lanekeeper. */
  keyFile: z.string().min(1).optional(),
  /** Names the environment variable that holds the passphrase of the key. */
  passphraseEnv: z.string().min(1).optional(),
  passphrase: z.string().optional(),
  /** The socket of an ssh-agent; true = the one of SSH_AUTH_SOCK. */
  agent: z.union([z.literal(true), z.string().min(1)]).optional(),
}
const noWayIn = 'give keyFile or agent: there is no other way to log in, passwords are not supported'
const hasWayIn = ({ keyFile, agent }: { keyFile?: unknown; agent?: unknown }) =>
  keyFile !== undefined || agent !== undefined

/** A host on the way to a node, with a login and a pinned key of its own. */
export const JumpAccess = z.strictObject(login).refine(hasWayIn, noWayIn)
export type JumpAccess = z.infer<typeof JumpAccess>

/** How one node is reached, as the configuration says it. */
export const NodeAccess = z
  .strictObject({ ...login, jump: JumpAccess.optional(), sudo: z.boolean().default(false) })
  .refine(hasWayIn, noWayIn)
export type NodeAccess = z.infer<typeof NodeAccess>

/** Fills in what the environment holds: the passphrase, the agent's socket, the home folder. */
export const withEnvironment = (access: NodeAccess, env: NodeJS.ProcessEnv): NodeAccess => ({
  ...access,
  ...secretsOf(access, env),
  ...(access.jump && { jump: { ...access.jump, ...secretsOf(access.jump, env) } }),
})

/** The name under which a jump host's key is pinned. */
export const jumpName = (jump: JumpAccess): string => `jump ${jump.host}:${jump.port}`

const secretsOf = ({ keyFile, passphrase, passphraseEnv, agent }: JumpAccess, env: NodeJS.ProcessEnv) => {
  const phrase = passphrase ?? (passphraseEnv === undefined ? undefined : env[passphraseEnv])
  const socket = agent === true ? env.SSH_AUTH_SOCK : agent
  return {
    ...(keyFile !== undefined && { keyFile: keyFile.replace(/^~(?=\/)/, homedir()) }),
    ...(phrase !== undefined && { passphrase: phrase }),
    ...(socket !== undefined && { agent: socket }),
  }
}
