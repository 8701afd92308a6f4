import { createWebAdapter, type WebOptions } from '../../../adapters/web/index.ts'
import type { WebMessage } from '../../../adapters/web/messages.ts'

export const PEOPLE = [
  { name: 'ann', token: 'token-of-ann-0123456789' },
  { name: 'bob', token: 'token-of-bob-0123456789' },
]

/** The adapter on a free port of loopback. */
export function webAdapter(more: Partial<WebOptions> = {}) {
  let address = ''
  const adapter = createWebAdapter({
    host: '127.0.0.1',
    port: 0,
    names: [],
    people: PEOPLE,
    open: false,
    channel: 'ops',
    incidents: 'incidents',
    known: () => ['/pcie nodes'],
    log: { error: () => undefined },
    started: (at) => {
      address = at
    },
    ...more,
  })
  return { adapter, address: () => address }
}

/** Somebody's browser without a window: the requests that the page makes. */
export async function comeIn(address: string, token: string) {
  const origin = address.replace(/\/$/, '')
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(origin + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin, ...headers },
      body: JSON.stringify(body),
    })
  const login = await post('/login', { token })
  const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? ''
  const messages = new Map<string, WebMessage & { given: 'yes' | 'no' | null }>()
  const stop = new AbortController()
  const events = await fetch(`${origin}/events`, { headers: { cookie }, signal: stop.signal })
  void (async () => {
    let text = ''
    for await (const piece of events.body ?? []) {
      text += Buffer.from(piece).toString()
      const whole = text.split('\n\n')
      text = whole.pop() ?? ''
      for (const event of whole) {
        const data = /^event: message\ndata: (.*)$/s.exec(event)?.[1]
        if (data) {
          const message = JSON.parse(data)
          messages.set(message.id, message)
        }
      }
    }
  })().catch(() => undefined)
  return {
    status: login.status,
    cookie,
    messages,
    post: (path: string, body: unknown, headers = {}) => post(path, body, { cookie, ...headers }),
    get: (path: string, headers = {}) => fetch(origin + path, { headers: { cookie, ...headers } }),
    leave: () => stop.abort(),
  }
}
