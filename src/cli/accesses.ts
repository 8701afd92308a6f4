import { accessSync, constants } from 'node:fs'
import { join, resolve } from 'node:path'
import type { z } from 'zod'
import { didYouMean } from '../chat/nearest.ts'
import type { JumpAccess, NodeAccess } from '../ssh/access.ts'
import type { ConfigFile } from './config-file.ts'
import type { File, Login } from './config-shape.ts'

type Env = Readonly<Record<string, string | undefined>>

/** What reading the accesses takes, and where problems are told. */
export interface Reading {
  readonly yaml: ConfigFile
  readonly env: Env
  readonly folder: string
  readonly problems: string[]
}

/** How each node is reached, to look and to change. */
export function accesses(
  { nodes, jumps }: File,
  reading: Reading,
): { nodes: Record<string, NodeAccess>; changing: Record<string, NodeAccess> } {
  const hops = mapped(jumps, (jump, id) => finished(jump, ['jumps', id], reading))
  const looking = mapped(nodes, ({ jump, sudo, changeKey, labels: _l, watch: _w, discover: _d, ...node }, id) => {
    const hop = jump === undefined ? undefined : hops[jump]
    if (jump !== undefined && !hop) {
      const hint = didYouMean(jump, Object.keys(hops)) ?? 'it must be one of those under jumps:'
      reading.problems.push(reading.yaml.at(['nodes', id, 'jump'], `there is no jump host "${jump}"; ${hint}`))
    }
    // The looking key of `lanekeeper grant` brings its own sudo.
    const own = changeKey === undefined ? sudo : false
    return { ...finished(node, ['nodes', id], reading), sudo: own, ...(hop && { jump: hop }) }
  })
  const changing = mapped(looking, (access, id): NodeAccess => {
    const { changeKey, sudo = false } = nodes[id] ?? {}
    return changeKey === undefined ? access : { ...access, sudo, keyFile: keyIn(changeKey, [id, 'changeKey'], reading) }
  })
  return { nodes: looking, changing }
}

/** Paths made absolute, the key seen to be there, the passphrase and the agent's socket taken from the environment. */
function finished(
  { key, passphraseEnv, agent, ...rest }: z.infer<typeof Login>,
  path: string[],
  reading: Reading,
): JumpAccess {
  const { env, problems, yaml } = reading
  const keyFile = key === undefined ? undefined : keyIn(key, [...path.slice(1), 'key'], reading, path[0])
  if (keyFile === undefined && !agent)
    problems.push(yaml.at(path, 'give key: (a private key file) or agent: true; there is no other way to log in'))
  const passphrase = passphraseEnv === undefined ? undefined : env[passphraseEnv]
  if (passphraseEnv !== undefined && !passphrase)
    problems.push(yaml.at([...path, 'passphraseEnv'], `the environment variable ${passphraseEnv} is not set`))
  const socket = agent ? env.SSH_AUTH_SOCK : undefined
  if (agent && !socket)
    problems.push(yaml.at([...path, 'agent'], 'SSH_AUTH_SOCK is not set, so there is no agent to ask'))
  return {
    ...rest,
    ...(keyFile !== undefined && { keyFile }),
    ...(passphrase && { passphrase }),
    ...(socket && { agent: socket }),
  }
}

/** The absolute path of a key file, which is seen to be there and not opened. */
function keyIn(key: string, path: string[], { env, problems, yaml, folder }: Reading, under = 'nodes'): string {
  const file = resolve(folder, homely(key, env))
  if (!readable(file)) problems.push(yaml.at([under, ...path], `the key file ${file} is missing or cannot be read`))
  return file
}

export const mapped = <T, U>(
  record: Readonly<Record<string, T>>,
  make: (value: T, key: string) => U,
): Record<string, U> => Object.fromEntries(Object.entries(record).map(([key, value]) => [key, make(value, key)]))

/** `~/` as the home of whoever runs the program. */
export const homely = (path: string, env: Env): string =>
  env.HOME && /^~(?=\/|$)/.test(path) ? join(env.HOME, path.slice(1)) : path

const readable = (path: string): boolean => {
  try {
    accessSync(path, constants.R_OK)
    return true
  } catch {
    return false
  }
}
