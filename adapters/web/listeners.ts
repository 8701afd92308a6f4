import type { ServerResponse } from 'node:http'

/** Browsers that listen (server-sent events). Each hears what its person may see. */
export function createListeners() {
  const open = new Map<ServerResponse, string>()
  const beat = setInterval(() => {
    for (const response of open.keys()) response.write(': still here\n\n')
  }, 20_000)
  beat.unref()
  const say = (response: ServerResponse, event: string, data: unknown): void =>
    void response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
  return {
    add(response: ServerResponse, person: string): void {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
      open.set(response, person)
      response.on('close', () => open.delete(response))
    },
    say,
    /** To everybody for whom `make` gives something. */
    tell(event: string, make: (person: string) => unknown): void {
      for (const [response, person] of open) {
        const data = make(person)
        if (data !== undefined) say(response, event, data)
      }
    },
    stop(): void {
      clearInterval(beat)
      for (const response of open.keys()) response.end()
      open.clear()
    },
  }
}
export type Listeners = ReturnType<typeof createListeners>
