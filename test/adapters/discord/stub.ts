import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createGateway } from './gateway.ts'
import { type Answer, createRoutes, errorAnswer, type Request } from './routes.ts'
import { known, problems } from './spec.ts'
import { createWorld, TOKEN } from './world.ts'

const SHAPES: readonly (readonly [RegExp, string])[] = [
  [/^\/applications\/\d+\/guilds\/\d+/, '/applications/A/guilds/G'],
  [/^\/interactions\/\d+\/[^/]+/, '/interactions/I/T'],
  [/^\/webhooks\/\d+\/[^/]+/, '/webhooks/A/T'],
  [/^\/channels\/\d+/, '/channels/C'],
  [/^(\/channels\/C\/messages)\/\d+/, '$1/M'],
  [/(\/reactions)\/[^/]+/, '$1/E'],
  [/^\/users\/\d+/, '/users/U'],
  [/^\/guilds\/\d+/, '/guilds/G'],
  [/(\/members)\/\d+/, '$1/U'],
]

/** A stand-in for Discord on 127.0.0.1: REST v10 and gateway. Every request and every answer is held against the published schemas. */
export async function startDiscord() {
  const world = createWorld()
  const wrong: string[] = []
  const requests: Request[] = []
  const faults: ((request: Request) => Answer | undefined)[] = []
  let base = ''
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const request = await read(incoming)
      requests.push(request)
      const answer = reply(request, incoming.headers.authorization)
      // A 204 with a content type makes discord.js parse nothing as JSON.
      outgoing.writeHead(answer.status, {
        ...(answer.body !== undefined && { 'content-type': 'application/json' }),
        ...answer.headers,
      })
      outgoing.end(answer.body === undefined ? '' : JSON.stringify(answer.body))
    })().catch((error) => {
      wrong.push(`the stub: ${error.stack}`)
      outgoing.destroy()
    })
  })
  const gateway = createGateway(server, world, () => `${base.replace('http', 'ws')}/gateway`)
  const routes = createRoutes(world, gateway, () => base)

  function reply(request: Request, authorization: string | undefined): Answer {
    const { operation } = request
    if (!known(operation)) {
      wrong.push(`${operation} (${request.path}) is no operation that is known`)
      return errorAnswer(404, 0, '404: Not Found')
    }
    const byToken = /^\/(interactions|webhooks)/.test(request.path)
    if (!byToken && authorization !== `Bot ${TOKEN}`) return errorAnswer(401, 0, '401: Unauthorized')
    const bad = problems(operation, 'request', request.body)
    wrong.push(...bad)
    if (bad.length) return errorAnswer(400, 50035, 'Invalid Form Body')
    for (const fault of faults) {
      const answer = fault(request)
      if (answer) return answer
    }
    const answer = routes.answer(request)
    if (answer.status < 300) wrong.push(...problems(operation, 'response', answer.body))
    return answer
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    api: `${base}/api`,
    world,
    gateway,
    routes,
    /** What the published schemas and the documented limits found wrong, on either side. */
    wrong,
    requests,
    asked: (operation: string) => requests.filter((one) => one.operation === operation),
    /** Stands before every answer; `times` = how often it may act. */
    fault(when: (request: Request) => boolean, answer: Answer, times = Number.POSITIVE_INFINITY): void {
      let left = times
      faults.push((request) => (left > 0 && when(request) && left-- > 0 ? answer : undefined))
    },
    heal: () => void faults.splice(0),
    async close(): Promise<void> {
      gateway.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
export type Discord = Awaited<ReturnType<typeof startDiscord>>

async function read(incoming: IncomingMessage): Promise<Request> {
  const url = new URL(incoming.url ?? '', 'http://discord')
  const path = url.pathname.replace('/api/v10', '').replace('%40', '@')
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk)
  const raw = Buffer.concat(chunks)
  const type = incoming.headers['content-type'] ?? ''
  const shape = SHAPES.reduce((at, [pattern, name]) => at.replace(pattern, name), path)
  const about = { operation: `${incoming.method} ${shape}`, path, query: url.searchParams }
  if (!type.startsWith('multipart/'))
    return { ...about, body: raw.length ? JSON.parse(raw.toString()) : undefined, files: [] }
  const form = await new Response(raw, { headers: { 'content-type': type } }).formData()
  const files: { name: string; text: string; content: Buffer }[] = []
  for (const value of form.values())
    if (typeof value !== 'string') {
      const content = Buffer.from(await value.arrayBuffer())
      files.push({ name: value.name, text: content.toString(), content })
    }
  return { ...about, body: JSON.parse(String(form.get('payload_json'))), files }
}
