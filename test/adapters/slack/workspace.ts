import { createHmac, randomUUID } from 'node:crypto'
import { createServer } from 'node:net'
import { Worker } from 'node:worker_threads'
import { ENDPOINT, type SlackOptions } from '../../../adapters/slack/index.ts'
import { wordsIn } from './check-message.ts'
import { BOT_TOKEN, PEOPLE, type Person, SIGNING_SECRET, startEmulator } from './emulator.ts'
import { type Called, openFront } from './front.ts'
import type { Answer, Knock } from './knocker.ts'

export type Mode = 'http' | 'socket'
type Body = Record<string, unknown>

export interface Message {
  readonly text: string
  readonly words: string
  readonly thread_ts?: string
  readonly reactions: readonly { readonly name: string; readonly users: readonly string[] }[]
}

/** A Slack workspace on loopback, with people who type and react; events go to the bot as Slack sends them. */
export async function openWorkspace(mode: Mode) {
  const front = await openFront()
  const emulator = await startEmulator(`${front.url}/events`, await freePort())
  front.state.emulator = emulator.url
  const boltPort = await freePort()
  const events: Body[] = []
  const knocker = createKnocker()

  const api = async (method: string, token: string, body: Record<string, string> = {}): Promise<Body> => {
    const answer = await fetch(`${emulator.url}/api/${method}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: new URLSearchParams(body),
    })
    return (await answer.json()) as Body
  }
  const members = ((await api('users.list', 'xoxp-olga')).members ?? []) as { id: string; name: string }[]
  const rooms = ((await api('conversations.list', 'xoxp-olga')).channels ?? []) as { id: string; name: string }[]
  const idOf = (name: string) => members.find((one) => one.name === name)?.id ?? `no ${name}`
  const channelOf = (name: string) => rooms.find((one) => one.name === name)?.id ?? `no ${name}`
  const ids = Object.fromEntries(PEOPLE.map((name) => [name, idOf(name)])) as Record<Person, string>

  /** One delivery to the bot; the status, and how long its acknowledgement took. */
  const deliver = async (type: string, body: Body, { form = false, retry = 0 } = {}) => {
    if (mode === 'http') return post(body, form, retry)
    const from = performance.now()
    const status = await overSocket(type, body, retry)
    return { status, ms: performance.now() - from }
  }
  const overSocket = async (type: string, body: Body, retry: number) =>
    (await front.socket.send(type, body, {
      accepts_response_payload: type === 'slash_commands',
      ...(type === 'events_api' && { retry_attempt: retry, retry_reason: retry ? 'timeout' : '' }),
    })) === undefined
      ? 0
      : 200
  const post = async (body: Body, form: boolean, retry: number) => {
    const raw = form ? String(new URLSearchParams(body as Record<string, string>)) : JSON.stringify(body)
    const at = String(Math.floor(Date.now() / 1000))
    const sign = createHmac('sha256', SIGNING_SECRET).update(`v0:${at}:${raw}`).digest('hex')
    return knocker.knock({
      url: `http://127.0.0.1:${boltPort}${ENDPOINT}`,
      headers: {
        'content-type': form ? 'application/x-www-form-urlencoded' : 'application/json',
        'x-slack-request-timestamp': at,
        'x-slack-signature': `v0=${sign}`,
        ...(retry && { 'x-slack-retry-num': String(retry), 'x-slack-retry-reason': 'http_timeout' }),
      },
      body: raw,
    })
  }

  let clock = 0
  /** Only what the manifest subscribes to, with what Slack sends besides. */
  front.state.onEvent = async (body) => {
    const event = body.event as Body
    if (event.type !== 'reaction_added' && event.type !== 'reaction_removed') return
    clock += 1
    const full = {
      ...body,
      token: 'verification',
      api_app_id: 'A0LANE',
      authorizations: [{ enterprise_id: null, team_id: body.team_id, user_id: 'U0LANEKEEPER', is_bot: true }],
      event: { ...event, item_user: 'U0LANEKEEPER', event_ts: `${1800000000 + clock}.000100` },
    }
    events.push(full)
    await deliver('events_api', full)
  }

  const bot = (called: Called) => called.token === BOT_TOKEN
  const reaction = async (method: string, by: Person, message: string, name: string, channel: string) => {
    const { ok, error } = await api(method, `xoxp-${by}`, { channel, timestamp: message, name })
    if (!ok) throw new Error(`${method}: ${error}`)
  }

  return {
    options: (more: Partial<SlackOptions> = {}): SlackOptions => ({
      botToken: BOT_TOKEN,
      entrance:
        mode === 'socket'
          ? { appToken: 'xapp-1' }
          : { signingSecret: SIGNING_SECRET, port: boltPort, host: '127.0.0.1' },
      apiUrl: `${front.url}/api/`,
      retries: { retries: 2, minTimeout: 20 },
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      ...more,
    }),
    people: ids,
    ops: channelOf('ops'),
    incidents: channelOf('incidents'),
    front,
    events,
    deliver,
    api,
    boltUrl: `http://127.0.0.1:${boltPort}${ENDPOINT}`,
    calls: (method: string) => front.calls.filter((called) => bot(called) && called.method === method),
    type: (text: string, by: Person = 'olga', channel = channelOf('ops')) => {
      const [command = '', ...rest] = text.split(' ')
      const body = {
        ...{ command, text: rest.join(' '), channel_id: channel, channel_name: 'ops', team_id: 'T000000001' },
        ...{ user_id: ids[by], user_name: by, trigger_id: randomUUID(), response_url: `${front.url}/none`, token: 'v' },
      }
      return deliver('slash_commands', body, { form: true })
    },
    react: (by: Person, message: string, name: string, channel = channelOf('ops')) =>
      reaction('reactions.add', by, message, name, channel),
    takeBack: (by: Person, message: string, name: string, channel = channelOf('ops')) =>
      reaction('reactions.remove', by, message, name, channel),
    async message(ts: string, channel = channelOf('ops')): Promise<Message | undefined> {
      const found = await api('reactions.get', 'xoxp-olga', { channel, timestamp: ts })
      const message = found.message as (Omit<Message, 'words'> & { blocks?: [] }) | undefined
      return message && { ...message, words: wordsIn(message.blocks ?? []) }
    },
    /** Everything in a channel, or in a thread, oldest first. */
    async messages(
      channel: string,
      thread?: string,
    ): Promise<(Message & { readonly ts: string; files?: unknown[] })[]> {
      const found = thread
        ? await api('conversations.replies', 'xoxp-olga', { channel, ts: thread, limit: '200' })
        : await api('conversations.history', 'xoxp-olga', { channel, limit: '200' })
      const all = (found.messages ?? []) as (Message & { ts: string; blocks?: [] })[]
      return all
        .map((one) => ({ ...one, words: wordsIn(one.blocks ?? []) }))
        .toSorted((one, other) => Number(one.ts) - Number(other.ts))
    },
    /** The files in the thread of a message, in order. */
    async files(thread: string, channel = channelOf('ops')): Promise<{ name: string; content: Buffer }[]> {
      const found = (await api('conversations.replies', 'xoxp-olga', { channel, ts: thread, limit: '200' })).messages
      const files = ((found ?? []) as { ts: string; files?: { name: string; url_private: string }[] }[])
        .toSorted((one, other) => Number(one.ts) - Number(other.ts))
        .flatMap((one) => one.files ?? [])
      return Promise.all(
        files.map(async ({ name, url_private }) => {
          const answer = await fetch(url_private, { headers: { authorization: 'Bearer xoxp-olga' } })
          return { name, content: Buffer.from(await answer.arrayBuffer()) }
        }),
      )
    },
    /** What only this person was shown. */
    whispers: (by: Person): string[] =>
      front.calls.flatMap(({ method, body }) =>
        method === 'chat.postEphemeral' && body.user === ids[by] ? [wordsIn(JSON.parse(body.blocks ?? '[]'))] : [],
      ),
    close: async () => {
      await knocker.close()
      await emulator.close()
      await front.close()
    },
  }
}
export type Workspace = Awaited<ReturnType<typeof openWorkspace>>

function createKnocker() {
  const worker = new Worker(new URL('./knocker.ts', import.meta.url))
  const waiting = new Map<number, (answer: Answer) => void>()
  worker.on('message', (answer: Answer) => waiting.get(answer.id)?.(answer))
  let count = 0
  return {
    knock: (knock: Omit<Knock, 'id'>): Promise<Answer> =>
      new Promise((resolve) => {
        count += 1
        waiting.set(count, resolve)
        worker.postMessage({ ...knock, id: count })
      }),
    close: () => worker.terminate(),
  }
}

export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer()
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
