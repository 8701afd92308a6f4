import { request } from 'node:http'
import { parentPort } from 'node:worker_threads'

/** A request to the bot, from a thread of its own: what it measures is the bot, not the test around it. */
export interface Knock {
  readonly id: number
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}
export interface Answer {
  readonly id: number
  readonly status: number
  readonly ms: number
}

parentPort?.on('message', ({ id, url, headers, body }: Knock) => {
  const from = performance.now()
  const answer = (status: number) =>
    parentPort?.postMessage({ id, status, ms: performance.now() - from } satisfies Answer)
  const sent = request(url, { method: 'POST', headers }, (response) => {
    response.resume().on('end', () => answer(response.statusCode ?? 0))
  })
  sent.on('error', () => answer(0))
  sent.end(body)
})
