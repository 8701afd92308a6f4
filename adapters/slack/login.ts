import type { AuthorizeResult, webApi } from '@slack/bolt'
import type { SlackLog } from './bolt-log.ts'
import type { Call } from './calls.ts'
import manifest from './manifest.json' with { type: 'json' }

/** Who the bot is in this workspace. Says in the log which scopes of the manifest the installed app lacks. */
export async function login(
  client: webApi.WebClient,
  call: Call,
  log: SlackLog,
): Promise<Pick<AuthorizeResult, 'botId' | 'botUserId'>> {
  const { bot_id, user_id, response_metadata } = await call('logging in', () => client.auth.test())
  const granted = response_metadata?.scopes
  const lacks = granted ? manifest.oauth_config.scopes.bot.filter((scope) => !granted.includes(scope)) : []
  if (lacks.length)
    log.error(
      { lacks, hint: 'add them under OAuth & Permissions, or update the app from the manifest; then reinstall it' },
      'the Slack app lacks scopes',
    )
  return { ...(bot_id !== undefined && { botId: bot_id }), ...(user_id !== undefined && { botUserId: user_id }) }
}
