import { webApi } from '@slack/bolt'
import pLimit from 'p-limit'
import { OperatorError } from '../../src/errors.ts'
import { amiss, type Check, failure, well } from '../check.ts'
import { boltLog } from './bolt-log.ts'
import { type Call, createCall } from './calls.ts'
import { createChannels } from './channels.ts'
import { slackCode, slackRefusal } from './errors.ts'
import { GROUP, membersOf } from './groups.ts'
import { REQUEST_MS } from './limits.ts'
import { lacking, REINSTALL } from './login.ts'
import { PREFIX } from './people.ts'
import type { SlackOptions } from './slack.ts'

export interface SlackCheckOptions extends Pick<SlackOptions, 'botToken' | 'entrance' | 'apiUrl'> {
  /** The incident channel of the configuration, by id or name. */
  readonly incidents: string | null
  /** Every `slack:` id of the policy, people and user groups. */
  readonly ids: readonly string[]
}

const PATIENCE_MS = 10_000
const AT_ONCE = 4
const REACH =
  'check that this machine reaches slack.com over HTTPS (name service, firewall); slack-status.com says whether Slack is in trouble'
const APP_TOKEN = 'under Basic Information, App-Level Tokens, generate one with the scope connections:write (xapp-…)'
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }

/** Asks Slack about everything the bot needs of it. Posts nothing, opens no socket; never throws. */
export async function checkSlack(options: SlackCheckOptions): Promise<readonly Check[]> {
  const clientOptions: webApi.WebClientOptions = {
    ...(options.apiUrl !== undefined && { slackApiUrl: options.apiUrl }),
    retryConfig: { retries: 1, minTimeout: 500 },
    timeout: REQUEST_MS,
    rejectRateLimitedCalls: true,
    logger: boltLog(quiet),
  }
  const client = new webApi.WebClient(options.botToken, { ...clientOptions })
  const call = createCall(PATIENCE_MS, new AbortController().signal)
  const limit = pLimit(AT_ONCE)
  const [first, ...scopes] = await attempt(() => checkLogin(client, call))
  const entrance = await attempt(() => checkEntrance(options.entrance, clientOptions, call))
  if (!first?.ok) return [...(first ? [first] : []), ...entrance]
  const channel = await attempt(() => checkChannel(client, call, options.incidents))
  const people = await Promise.all(options.ids.map((id) => limit(attempt, () => checkId(client, call, id))))
  return [first, ...scopes, ...entrance, ...channel, ...people.flat()]
}

const attempt = (look: () => Promise<Check[]>): Promise<Check[]> =>
  look().catch((error: unknown) => {
    const unreachable = error instanceof OperatorError && error.code === 'connection-lost'
    return [unreachable ? failure(error, REACH) : failure(error)]
  })

async function checkLogin(client: webApi.WebClient, call: Call): Promise<Check[]> {
  const { user, team, response_metadata } = await call('logging in', () => client.auth.test())
  const lacks = response_metadata?.scopes && lacking(response_metadata.scopes)
  const scopes = lacks?.length
    ? amiss(`Slack: the app lacks the scopes ${lacks.join(', ')}`, REINSTALL)
    : well('Slack: the app has every scope of the manifest')
  const unknown = amiss(
    'Slack did not say which scopes the app has',
    'something between this machine and Slack takes x-oauth-scopes out of its answers: look at the proxy',
  )
  return [well(`Slack: logged in as ${user} in ${team}`), lacks ? scopes : unknown]
}

async function checkEntrance(
  entrance: SlackCheckOptions['entrance'],
  clientOptions: webApi.WebClientOptions,
  call: Call,
): Promise<Check[]> {
  if ('signingSecret' in entrance) {
    const { host = '127.0.0.1', port } = entrance
    const says = `Slack: a signing secret is set, and ${host}:${port} is where requests are awaited; whether Slack reaches it shows with the first /pcie`
    return [well(says)]
  }
  const client = new webApi.WebClient(entrance.appToken, { ...clientOptions })
  try {
    await call('opening Socket Mode', () => client.apps.connections.open({}))
  } catch (error) {
    if (slackCode(error) === undefined) throw error
    return [failure(error, APP_TOKEN)]
  }
  return [well('Slack: Socket Mode can be opened with the app-level token')]
}

async function checkChannel(client: webApi.WebClient, call: Call, incidents: string | null): Promise<Check[]> {
  if (incidents === null)
    return [well('Slack: no incident channel is named (slack.incidents): Slack hears of no incident by itself')]
  const id = await createChannels(client, call).id(incidents)
  const doing = `looking at the channel ${incidents}`
  const { channel } = await call(doing, () => client.conversations.info({ channel: id }))
  if (channel?.is_archived) throw slackRefusal('is_archived', doing)
  if (!channel?.is_member) throw slackRefusal('not_in_channel', doing)
  return [well(`Slack: the bot is in the incident channel #${channel.name ?? incidents}`)]
}

async function checkId(client: webApi.WebClient, call: Call, id: string): Promise<Check[]> {
  if (id.startsWith(GROUP)) {
    const members = await membersOf(client, call, id.slice(GROUP.length))
    if (members.length) return [well(`Slack: ${id} of the policy is a user group of ${members.length}`)]
    return [amiss(`Slack: the user group ${id} of the policy is empty`, 'put people into it, or take it out there')]
  }
  const user = id.slice(PREFIX.length)
  const doing = `looking up ${id} of the policy`
  const found = (await call(doing, () => client.users.info({ user }))).user
  if (found?.deleted) throw slackRefusal('account_gone', doing)
  return [well(`Slack: ${id} of the policy is ${found?.profile?.display_name || found?.real_name || found?.name}`)]
}
