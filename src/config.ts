import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { Policy } from './changes/policy.ts'
import { accesses, homely, mapped } from './cli/accesses.ts'
import { configProblems, readConfigFile } from './cli/config-file.ts'
import { File } from './cli/config-shape.ts'
import { databaseIn } from './cli/database-url.ts'
import { type DiscordConfig, demoWeb, platformsOf, type SlackConfig, type WebConfig } from './cli/platforms.ts'
import { policyProblems } from './cli/policy-problems.ts'
import { REACTIONS, type Reactions } from './cli/reactions.ts'
import { OperatorError, wordsOf } from './errors.ts'
import type { NodeAccess } from './ssh/access.ts'

type Env = Readonly<Record<string, string | undefined>>

interface Manner {
  readonly labels: readonly string[]
  readonly watch: boolean
  readonly discover: boolean
}

/** Everything the program is told from outside, finished: paths absolute, secrets read, nothing left to look up. */
export interface Config {
  /** No configuration at all: simulated nodes. */
  readonly demo: boolean
  readonly file: string | null
  readonly nodes: Readonly<Record<string, NodeAccess>>
  /** The same nodes as they are reached to change them: with a key of its own where one is named. */
  readonly changing: Readonly<Record<string, NodeAccess>>
  /** What each node is grouped by, whether its failed guest starts are noticed, and whether the others of its cluster belong here too. */
  readonly fleet: Readonly<Record<string, Manner>>
  /** When failed starts are not told, and how often an hour of one node at most. */
  readonly watching: { readonly quiet: readonly string[]; readonly perHour: number }
  /** Where health and metrics are served; null = nowhere. */
  readonly http: { readonly host: string; readonly port: number } | null
  readonly console: { readonly people: readonly string[]; readonly channel: string; readonly incidents: string }
  /** The two emoji that decide on a card, in every chat. */
  readonly reactions: Reactions
  readonly slack: SlackConfig | null
  readonly discord: DiscordConfig | null
  readonly web: WebConfig | null
  readonly policy: Policy
  /** The PostgreSQL of several bots, from DATABASE_URL; null = files in the data folder. */
  readonly databaseUrl: string | null
  /** The folder of what survives a restart. */
  readonly data: string
  readonly logLevel: string | null
  /** False under NO_COLOR. */
  readonly colour: boolean
}

/** Reads the configuration once; nobody else reads the environment. Every problem is told at once, each with its line. */
export function readConfig({ path, env, cwd }: { path?: string; env: Env; cwd: string }): Config {
  const asked = path ?? env.LANEKEEPER_CONFIG
  const file = resolve(cwd, homely(asked ?? 'lanekeeper.yaml', env))
  const surroundings = { logLevel: env.LANEKEEPER_LOG ?? null, colour: !env.NO_COLOR, databaseUrl: databaseIn(env) }
  const data = env.LANEKEEPER_DATA
  if (asked === undefined && !existsSync(file)) {
    return {
      ...demo,
      web: demoWeb(demo.console.people),
      data: resolve(cwd, data ?? 'data/state/demo'),
      ...surroundings,
      databaseUrl: null,
    }
  }
  const yaml = readConfigFile(textOf(file))
  if (yaml.problems.length) throw invalid(file, yaml.problems)
  const parsed = File.safeParse(withPolicy(yaml.value))
  if (!parsed.success) throw invalid(file, configProblems(yaml, parsed.error, File))
  const problems: string[] = []
  const { nodes, changing } = accesses(parsed.data, { yaml, env, folder: dirname(file), problems })
  const people = { console: parsed.data.console.people, web: Object.keys(parsed.data.web?.people ?? {}) }
  problems.push(...policyProblems(parsed.data.policy, people, yaml))
  const chats = platformsOf(parsed.data, env, yaml, problems)
  if (problems.length) throw invalid(file, problems)
  const { console, policy, watching, http } = parsed.data
  return {
    demo: false,
    file,
    nodes,
    changing,
    fleet: mapped(parsed.data.nodes, ({ labels, watch, discover }) => ({ labels, watch, discover })),
    console,
    watching,
    http: http || null,
    ...chats,
    policy,
    data: resolve(cwd, homely(data ?? parsed.data.data, env)),
    ...surroundings,
  }
}

const demo = {
  demo: true,
  file: null,
  nodes: {},
  changing: {},
  fleet: {},
  watching: { quiet: [], perHour: 6 },
  http: null,
  reactions: REACTIONS,
  slack: null,
  discord: null,
  console: { people: ['operator', 'approver'], channel: 'ops', incidents: 'incidents' },
  policy: Policy.parse({
    approvers: ['console:approver'],
    quorumForRisk2: 1,
    guardDeadline: 30,
    stability: 3,
    settle: 15,
    rebootDeadline: 60,
    cardExpires: 86_400,
  }),
}

/** A forgotten policy is told as what it means: nobody could approve. */
const withPolicy = (value: unknown): unknown => {
  const given = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  const policy = given.policy ?? {}
  const open = typeof policy === 'object' && policy !== null && !('approvers' in policy)
  return open ? { ...given, policy: { ...policy, approvers: [] } } : value
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    const hint = 'give --config the path of a lanekeeper.yaml; without any configuration, simulated nodes are used'
    throw new OperatorError('config-invalid', `the configuration ${file} cannot be read: ${wordsOf(cause)}`, {
      hint,
      cause,
    })
  }
}

const invalid = (file: string, problems: readonly string[]) =>
  new OperatorError('config-invalid', `${file}:\n${problems.map((problem) => `  ${problem}`).join('\n')}`, {
    hint: 'docs/configuration.md shows a whole configuration; nothing was started',
  })
