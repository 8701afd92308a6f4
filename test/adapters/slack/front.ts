import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { messageProblems } from './check-message.ts'
import { createSocketStub } from './socket-stub.ts'

/** A call of the bot, as it was sent. */
export interface Called {
  readonly method: string
  readonly token: string
  readonly body: Readonly<Record<string, string>>
}
/** Stands in for an answer of Slack. */
export interface Fault {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: object
  /** Slack did it all the same; only the answer is lost. */
  readonly after?: boolean
}

/** Between the bot and the emulator: notes and checks every call, answers with faults, and adds Socket Mode. */
export async function openFront() {
  const calls: Called[] = []
  const problems: string[] = []
  const state = {
    emulator: '',
    fault: undefined as ((called: Called) => Fault | undefined) | undefined,
    /** What a call waits for before it is dealt with. */
    hold: undefined as ((called: Called) => Promise<void> | undefined) | undefined,
    /** User groups and who is in them; the emulator has none. */
    groups: {} as Readonly<Record<string, readonly string[]>>,
    /** Whom a post may call; edits and whispers call nobody. */
    mentions: '',
    onEvent: async (_body: Record<string, unknown>): Promise<void> => undefined,
  }

  const answer = (response: ServerResponse, { status, headers, body }: Fault) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body ?? {}))

  const proxy = async (request: IncomingMessage, bytes: Buffer) =>
    fetch(`${state.emulator}${request.url}`, {
      method: request.method ?? 'GET',
      headers: Object.fromEntries(
        Object.entries(request.headers).flatMap(([name, value]) =>
          typeof value === 'string' && !['host', 'connection', 'content-length'].includes(name) ? [[name, value]] : [],
        ),
      ),
      ...(request.method !== 'GET' && { body: new Uint8Array(bytes) }),
    })

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const bytes = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>))
    if (request.url === '/events') {
      response.writeHead(200).end()
      return state.onEvent(JSON.parse(String(bytes)))
    }
    const called = {
      method: (request.url ?? '').replace(/^\/api\//, ''),
      token: (request.headers.authorization ?? '').replace('Bearer ', ''),
      body: Object.fromEntries(new URLSearchParams(String(bytes))),
    }
    calls.push(called)
    if (called.body.blocks !== undefined) {
      const blocks = JSON.parse(called.body.blocks)
      const calls = called.method === 'chat.postMessage' && blocks[1]?.type === 'section' ? state.mentions : ''
      const found = messageProblems({ text: called.body.text ?? '', blocks }, calls)
      problems.push(...found.map((problem) => `${called.method}: ${problem}`))
    }
    await state.hold?.(called)
    const fault = state.fault?.(called)
    if (fault && !fault.after) return answer(response, fault)
    if (called.method === 'apps.connections.open') {
      const ok = called.token.startsWith('xapp-')
      const body = ok ? { ok, url: `ws://127.0.0.1:${port}/link` } : { ok, error: 'invalid_auth' }
      return answer(response, { status: 200, body })
    }
    if (called.method === 'usergroups.users.list') {
      const users = state.groups[called.body.usergroup ?? '']
      return answer(response, {
        status: 200,
        body: users ? { ok: true, users } : { ok: false, error: 'no_such_subteam' },
      })
    }
    const real = await proxy(request, bytes)
    const content = Buffer.from(await real.arrayBuffer())
    if (fault) return answer(response, fault)
    response
      .writeHead(real.status, { 'content-type': real.headers.get('content-type') ?? 'application/json' })
      .end(content)
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error) => answer(response, { status: 502, body: { error: String(error) } }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const socket = createSocketStub(server)
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    problems,
    state,
    socket,
    close: async () => {
      socket.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
