import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'
import { OperatorError, wordsOf } from '../../src/errors.ts'
import { HEADERS, refusal } from './guard.ts'
import { byCookie, byToken, cookieOf, type WebPerson } from './people.ts'

const PAGE = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/page.css': ['page.css', 'text/css; charset=utf-8'],
  '/page.js': ['page.js', 'text/javascript; charset=utf-8'],
} as const
const MOST_BYTES = 64 * 1024

const Say = z.object({ text: z.string().min(1).max(2000) })
const React = z.object({ message: z.string(), yes: z.boolean(), given: z.boolean() })
const Login = z.object({ token: z.string() })

/** What the page can ask for. */
export interface Room {
  readonly people: readonly WebPerson[]
  listen(response: ServerResponse, person: WebPerson): void
  say(person: WebPerson, text: string): void
  /** False where there is no such message. */
  react(person: WebPerson, message: string, yes: boolean, given: boolean): boolean
  file(path: string): { readonly type: string; readonly content: Uint8Array } | undefined
}

interface Where {
  readonly host: string
  readonly port: number
  /** Further names under which the page is reached, as `lanekeeper.example.org`. */
  readonly names: readonly string[]
}

/** Serves the page and what it asks for. Throws where it cannot listen. */
export async function serveWeb({ host, port, names }: Where, room: Room) {
  let hosts: readonly string[] = []
  const server = createServer((request, response) => {
    answer(request, response, room, hosts).catch((error: unknown) => {
      if (!response.headersSent) plain(response, 400, wordsOf(error))
      else response.end()
    })
  })
  server.listen(port, host)
  try {
    await once(server, 'listening')
  } catch (cause) {
    throw new OperatorError('act-failed', `the web page cannot listen on ${host}:${port}: ${wordsOf(cause)}`, {
      hint: 'give another one in the configuration (web: { port: … })',
      cause,
    })
  }
  const taken = (server.address() as AddressInfo).port
  hosts = ['127.0.0.1', 'localhost', '[::1]', host].map((name) => `${name}:${taken}`).concat(names)
  return {
    port: taken,
    async stop() {
      server.closeAllConnections()
      server.close()
    },
  }
}

async function answer(request: IncomingMessage, response: ServerResponse, room: Room, hosts: readonly string[]) {
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value)
  const no = refusal(request, hosts)
  if (no) return plain(response, no.status, no.words)
  const path = new URL(request.url ?? '/', 'http://here').pathname
  if (request.method !== 'POST' && Object.hasOwn(PAGE, path)) return page(response, path as keyof typeof PAGE)
  if (path === '/login') return login(request, response, room)
  const person = byCookie(room.people, request.headers.cookie)
  if (!person) return plain(response, 401, 'Who are you? Open the link that the bot prints at its start.')
  if (request.method !== 'POST') return look(path, response, room, person)
  if (path === '/say') {
    room.say(person, Say.parse(await bodyOf(request)).text)
    return plain(response, 202, 'heard')
  }
  if (path === '/react') {
    const { message, yes, given } = React.parse(await bodyOf(request))
    const there = room.react(person, message, yes, given)
    return there ? plain(response, 202, 'heard') : plain(response, 404, 'That message is not there any more.')
  }
  return plain(response, 404, 'There is no such place.')
}

function look(path: string, response: ServerResponse, room: Room, person: WebPerson): void {
  const file = room.file(path)
  if (path === '/events') room.listen(response, person)
  else if (path === '/me') plain(response, 200, person.name)
  else if (file) send(response, file)
  else plain(response, 404, 'There is no such place.')
}

function send(response: ServerResponse, file: { readonly type: string; readonly content: Uint8Array }): void {
  // Shown are pictures only; whatever else a node's output became is for saving.
  const shown = file.type === 'image/png'
  response.writeHead(200, {
    'content-type': shown ? file.type : 'application/octet-stream',
    'content-disposition': shown ? 'inline' : 'attachment',
  })
  response.end(file.content)
}

async function login(request: IncomingMessage, response: ServerResponse, { people }: Room): Promise<void> {
  if (request.method !== 'POST') return plain(response, 405, 'Only POST is answered here.')
  const person = byToken(people, Login.parse(await bodyOf(request)).token)
  if (!person) return plain(response, 401, 'Nobody has that token. The bot prints the right link at its start.')
  response.setHeader('set-cookie', cookieOf(person))
  plain(response, 200, person.name)
}

function page(response: ServerResponse, path: keyof typeof PAGE): void {
  const [file, type] = PAGE[path]
  response.writeHead(200, { 'content-type': type })
  response.end(readFileSync(new URL(`./page/${file}`, import.meta.url)))
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of request) {
    bytes += piece.length
    if (bytes > MOST_BYTES) throw new Error('That is too long.')
    pieces.push(piece)
  }
  return JSON.parse(Buffer.concat(pieces).toString())
}

function plain(response: ServerResponse, status: number, words: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' })
  response.end(`${words}\n`)
}
