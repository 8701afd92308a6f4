import { type Check, failure, well } from '../../adapters/check.ts'
import { clean } from '../../adapters/clean.ts'
import { SIGNS } from '../../adapters/console/signs.ts'
import { checkDiscord } from '../../adapters/discord/index.ts'
import { checkSlack } from '../../adapters/slack/index.ts'
import type { Config } from '../config.ts'
import { checkDataFolder } from './doctor/data-folder.ts'
import { checkDatabase } from './doctor/database.ts'
import { checkNodes } from './doctor/nodes.ts'
import { secretsOf, without } from './doctor/secrets.ts'
import { withNodes } from './serve.ts'

interface World {
  readonly now: () => Date
  readonly say: (line: string) => void
  /** For tests: where the APIs of the platforms are. */
  readonly apis?: { readonly slack?: string; readonly discord?: string }
}

/**
 * Looks at everything the bot stands on, and changes nothing. Says of each thing what is well, or what to do. The answer is the
 * exit status: 0 all is well, 1 there is something to do.
 */
export async function doctor(config: Config, { now, say, apis = {} }: World): Promise<number> {
  const secrets = secretsOf(config)
  const looks = [
    attempt(async () => [well(aboutConfig(config))]),
    attempt(() => checkDataFolder(config.data)),
    attempt(() => checkDatabase(config.databaseUrl)),
    attempt(() => withNodes(config, (reach) => checkNodes(reach, now))),
    attempt(() => askSlack(config, apis.slack)),
    attempt(() => askDiscord(config, apis.discord)),
  ]
  let trouble = false
  for (const look of looks)
    for (const { says, ok, hint } of await look) {
      trouble ||= !ok
      say(`${ok ? SIGNS.ok : SIGNS.danger} ${clean(without(secrets, says))}`)
      if (hint !== undefined) say(`  what to do: ${clean(without(secrets, hint))}`)
    }
  return trouble ? 1 : 0
}

const attempt = (look: () => Promise<readonly Check[]>): Promise<readonly Check[]> =>
  look().catch((error: unknown) => [failure(error)])

function aboutConfig({ demo, file, nodes, slack, discord }: Config): string {
  if (demo) return 'no configuration: the nodes are simulated; --config <file> or a lanekeeper.yaml names real ones'
  const chats = ['the console', ...(slack ? ['Slack'] : []), ...(discord ? ['Discord'] : [])]
  return `configuration ${file}: nodes ${Object.keys(nodes).join(', ') || '(none)'}; chats: ${chats.join(', ')}`
}

/** The ids of one platform in the policy, each once. */
function idsOf({ approvers, operators, viewers, calls }: Config['policy'], platform: string): string[] {
  const all = [...approvers, ...(operators ?? []), ...(viewers ?? []), ...calls]
  return [...new Set(all)].filter((id) => id.startsWith(`${platform}:`))
}

const askSlack = async ({ slack, policy }: Config, apiUrl: string | undefined): Promise<readonly Check[]> =>
  slack ? checkSlack({ ...slack, ids: idsOf(policy, 'slack'), ...(apiUrl !== undefined && { apiUrl }) }) : []

const askDiscord = async ({ discord, policy }: Config, api: string | undefined): Promise<readonly Check[]> =>
  discord
    ? checkDiscord({
        ...discord,
        ids: idsOf(policy, 'discord'),
        calls: policy.calls,
        ...(api !== undefined && { api }),
      })
    : []
