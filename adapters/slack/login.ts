import type { AuthorizeResult, webApi } from '@slack/bolt'
import type { SlackLog } from './bolt-log.ts'
import type { Call } from './calls.ts'
import manifest from './manifest.json' with { type: 'json' }

/** Where scopes are added. */
export const REINSTALL = 'add them under OAuth & Permissions, or update the app from the manifest; then reinstall it'

/** Those scopes of the manifest that are not among the granted ones. */
export const lacking = (granted: readonly string[]): string[] =>
  manifest.oauth_config.scopes.bot.filter((scope) => !granted.includes(scope))

/** Who the bot is in this workspace. Says in the log which scopes of the manifest the installed app lacks. */
export async function login(
  client: webApi.WebClient,
  call: Call,
  log: SlackLog,
): Promise<Pick<AuthorizeResult, 'botId' | 'botUserId'>> {
  const { bot_id, user_id, response_metadata } = await call('logging in', () => client.auth.test())
  const granted = response_metadata?.scopes
  const lacks = granted ? lacking(granted) : []
  if (lacks.length) log.error({ lacks, hint: REINSTALL }, 'the Slack app lacks scopes')
  return { ...(bot_id !== undefined && { botId: bot_id }), ...(user_id !== undefined && { botUserId: user_id }) }
}
