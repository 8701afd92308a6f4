import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { OperatorError, wordsOf } from '../errors.ts'
import type { Health } from './health.ts'
import type { Metrics } from './metrics.ts'

export interface HttpParts {
  readonly host: string
  readonly port: number
  readonly health: () => Promise<Health>
  readonly metrics: Pick<Metrics, 'text' | 'type'>
}

interface Answer {
  readonly status: number
  readonly type: string
  readonly body: string
}

/** Serves `/healthz` (200, or 503 when failing) and `/metrics`. Throws where it cannot listen. */
export async function serveHttp({ host, port, health, metrics }: HttpParts) {
  const routes: Readonly<Record<string, () => Promise<Answer>>> = {
    '/healthz': async () => {
      const now = await health()
      const status = now.status === 'ok' ? 200 : 503
      return { status, type: 'application/json', body: `${JSON.stringify(now)}\n` }
    },
    '/metrics': async () => ({ status: 200, type: metrics.type, body: await metrics.text() }),
  }
  const server = createServer((request, response) => {
    answerTo(request, routes)
      .catch((error: unknown): Answer => ({ ...PLAIN, status: 500, body: `${wordsOf(error)}\n` }))
      .then((answer) => send(request, response, answer))
  })
  server.listen(port, host)
  try {
    await once(server, 'listening')
  } catch (cause) {
    throw new OperatorError('act-failed', `cannot listen on ${host}:${port}: ${wordsOf(cause)}`, {
      hint: 'give another one in the configuration (http: { port: … }), or http: false',
      cause,
    })
  }
  return {
    /** The port that was taken; another than asked for where that was 0. */
    port: (server.address() as AddressInfo).port,
    async stop() {
      server.closeAllConnections()
      server.close()
    },
  }
}

const PLAIN = { type: 'text/plain; charset=utf-8' }

async function answerTo(request: IncomingMessage, routes: Readonly<Record<string, () => Promise<Answer>>>) {
  const path = (request.url ?? '/').split('?')[0] ?? '/'
  const route = Object.hasOwn(routes, path) ? routes[path] : undefined
  if (!route) return { ...PLAIN, status: 404, body: `There is ${Object.keys(routes).join(' and ')}.\n` }
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return { ...PLAIN, status: 405, body: 'Only GET is answered.\n' }
  return route()
}

function send({ method }: IncomingMessage, response: ServerResponse, { status, type, body }: Answer): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  response.end(method === 'HEAD' ? undefined : body)
}
