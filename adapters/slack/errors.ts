import { webApi } from '@slack/bolt'
import { type ErrorCode, OperatorError, wordsOf } from '../../src/errors.ts'

type Told = readonly [code: ErrorCode, says: string, hint: string]

const TOKEN: Told = [
  'login-refused',
  'the token is not valid',
  'take the one under OAuth & Permissions (xoxb-…) or Basic Information, App-Level Tokens (xapp-…), of the installed app',
]
const INVITE: Told = ['not-found', 'the bot is not in that channel', 'type /invite @lanekeeper there']
const NOBODY = 'correct the id in the policy, or take it out there (profile, ⋮, Copy member ID)'
const GONE: Told = [
  'not-found',
  'the message is not there any more',
  '/pcie status <change> shows the card of a change again',
]
const LIMIT: Told = ['size-limit', 'the message is too long', 'this is a bug in Lanekeeper: please report it']
const TROUBLE: Told = [
  'connection-lost',
  'Slack is in trouble',
  'it is tried again by itself; slack-status.com says more',
]

const TOLD: Readonly<Record<string, Told>> = {
  invalid_auth: TOKEN,
  not_authed: TOKEN,
  account_inactive: TOKEN,
  token_revoked: TOKEN,
  token_expired: TOKEN,
  not_allowed_token_type: TOKEN,
  channel_not_found: [
    'not-found',
    'there is no such channel, or the bot cannot see it',
    'check the name or id; in a private channel type /invite @lanekeeper',
  ],
  not_in_channel: INVITE,
  is_archived: ['not-found', 'the channel is archived', 'name another channel, or take it out of the archive'],
  no_such_subteam: [
    'not-found',
    'there is no such user group, or it is switched off',
    'correct its id in the policy, or take it out there (People & user groups, the group, More, Copy group ID)',
  ],
  user_not_found: ['not-found', 'there is nobody with that id', NOBODY],
  user_not_visible: ['not-found', 'the bot cannot see that person', NOBODY],
  account_gone: ['not-found', 'that account is switched off', NOBODY],
  plan_upgrade_required: [
    'act-failed',
    'this workspace has no user groups',
    'they take a paid plan of Slack: name people in the policy instead',
  ],
  not_reactable: ['act-failed', 'nobody can react on that message', 'use /pcie approve and /pcie deny'],
  restricted_action: ['act-failed', 'the workspace does not let the bot post there', 'ask a workspace owner'],
  message_not_found: GONE,
  thread_not_found: GONE,
  cannot_reply_to_message: GONE,
  cant_update_message: GONE,
  edit_window_closed: GONE,
  msg_too_long: LIMIT,
  msg_blocks_too_long: LIMIT,
  invalid_blocks: LIMIT,
  internal_error: TROUBLE,
  fatal_error: TROUBLE,
  service_unavailable: TROUBLE,
  request_timeout: TROUBLE,
}

/** Slack's own word for what went wrong: `not_in_channel`. */
export const slackCode = (error: unknown): string | undefined =>
  error instanceof webApi.WebAPIPlatformError
    ? error.data.error
    : error instanceof OperatorError && error.cause !== error
      ? slackCode(error.cause)
      : undefined

/** What came back from Slack, as an error that says which setting to change. `doing`: `posting in C12`. */
export function slackError(error: unknown, doing: string): OperatorError {
  if (error instanceof OperatorError) return error
  const [code, says, hint] = told(error)
  return new OperatorError(code, `Slack, ${doing}: ${says}`, { hint, cause: error })
}

/** The same for what was seen and not refused: `word` is what Slack would have answered. */
export function slackRefusal(word: 'is_archived' | 'not_in_channel' | 'account_gone', doing: string): OperatorError {
  const [code, says, hint] = TOLD[word] ?? TROUBLE
  return new OperatorError(code, `Slack, ${doing}: ${says}`, { hint })
}

function told(error: unknown): Told {
  if (error instanceof webApi.WebAPIPlatformError) {
    const { error: word, needed } = error.data as { error: string; needed?: unknown }
    if (word === 'missing_scope')
      return [
        'config-invalid',
        `the app lacks the scope ${needed ?? '(not named)'}`,
        'add it under OAuth & Permissions, or update the app from adapters/slack/manifest.json; then reinstall the app',
      ]
    return (
      TOLD[word] ?? ['act-failed', `Slack answered ${word}`, 'the log of the bot and api.slack.com/methods say more']
    )
  }
  if (error instanceof webApi.WebAPIHTTPError) return [TROUBLE[0], `Slack answered ${error.statusCode}`, TROUBLE[2]]
  if (error instanceof webApi.WebAPIRequestError)
    return ['connection-lost', `Slack cannot be reached (${wordsOf(error.original)})`, TROUBLE[2]]
  return ['connection-lost', wordsOf(error), TROUBLE[2]]
}
