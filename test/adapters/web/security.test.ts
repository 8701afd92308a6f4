import { request } from 'node:http'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ChatAdapter, Incoming } from '../../../src/chat/adapter.ts'
import { comeIn, PEOPLE, webAdapter } from './browser.ts'

const TOKEN = PEOPLE[0]?.token ?? ''
let adapter: ChatAdapter
let address: string
let heard: Incoming[]
beforeEach(async () => {
  const made = webAdapter()
  adapter = made.adapter
  heard = []
  await adapter.start(async (incoming) => void heard.push(incoming))
  address = made.address()
})
afterEach(() => adapter.stop())

/** A request with any Host, which fetch does not allow. */
const withHost = (host: string, path = '/me', headers = {}) =>
  new Promise<number>((resolve, reject) => {
    const { hostname, port } = new URL(address)
    request({ hostname, port, path, headers: { host, ...headers } }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
      .on('error', reject)
      .end()
  })
const ask = { kind: 'post', text: '/pcie approve c1' }

describe('who has no token', () => {
  test('sees the page and nothing else', async () => {
    expect((await fetch(address)).status).toBe(200)
    for (const path of ['events', 'me', 'files/x/y', 'say'])
      expect((await fetch(address + path)).status, path).toBe(401)
    expect(heard).toEqual([])
  })
  test.each(['', 'wrong', TOKEN.slice(0, -1), `${TOKEN}x`, PEOPLE[0]?.name ?? ''])(
    'does not come in with %j',
    async (token) => {
      const stranger = await comeIn(address, token)
      expect(stranger.status).toBe(401)
      expect((await stranger.post('/say', { text: ask.text })).status).toBe(401)
    },
  )
  test.each(['lanekeeper=ann', 'lanekeeper=ann.', `lanekeeper=ann.${TOKEN}`, 'lanekeeper=.x', 'lanekeeper=bob.x'])(
    'does not come in with the cookie %s',
    async (cookie) => expect((await fetch(`${address}me`, { headers: { cookie } })).status).toBe(401),
  )
  test('cannot use the cookie of one person as another', async () => {
    const ann = await comeIn(address, TOKEN)
    const cookie = ann.cookie.replace('=ann.', '=bob.')
    expect((await fetch(`${address}me`, { headers: { cookie } })).status).toBe(401)
    ann.leave()
  })
})

describe('another site', () => {
  const origins = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: '' },
    { 'sec-fetch-site': 'cross-site' },
  ]
  test.each(origins)('cannot have anything done: %j', async (headers) => {
    const ann = await comeIn(address, TOKEN)
    expect((await ann.post('/say', { text: ask.text }, headers)).status).toBe(403)
    expect((await ann.post('/react', { message: 'x', yes: true, given: true }, headers)).status).toBe(403)
    expect((await ann.post('/login', { token: TOKEN }, headers)).status).toBe(403)
    expect(heard).toEqual([])
    ann.leave()
  })
  test('cannot send a form', async () => {
    const ann = await comeIn(address, TOKEN)
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'])
      expect((await ann.post('/say', ask, { 'content-type': type })).status).toBe(415)
    ann.leave()
  })
  test('cannot have its name pointed here', async () => {
    const { cookie, leave } = await comeIn(address, TOKEN)
    for (const host of ['evil.example', `evil.example:${new URL(address).port}`, '127.0.0.1', 'localhost:1'])
      expect(await withHost(host, '/me', { cookie }), host).toBe(421)
    expect(await withHost(new URL(address).host, '/me', { cookie })).toBe(200)
    leave()
  })
  test('cannot put the page into a frame, nor the page load anything from elsewhere', async () => {
    const { headers } = await fetch(address)
    expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
  })
})

test('the cookie is no token, for this site alone, and not for scripts', async () => {
  const login = await fetch(`${address}login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: address.slice(0, -1) },
    body: JSON.stringify({ token: TOKEN }),
  })
  const cookie = login.headers.get('set-cookie') ?? ''
  expect(cookie).toMatch(/HttpOnly; SameSite=Strict/)
  expect(cookie).not.toContain(TOKEN)
})

test('a whisper is sent to its person alone', async () => {
  const [ann, bob] = await Promise.all(PEOPLE.map(({ token }) => comeIn(address, token)))
  await adapter.whisper({ id: 'web:ann', name: 'ann', bot: false }, 'ops', {
    title: 'for ann',
    tone: 'info',
    blocks: [],
  })
  await expect.poll(() => ann?.messages.size).toBe(1)
  expect(bob?.messages.size).toBe(0)
  const later = await comeIn(address, PEOPLE[1]?.token ?? '')
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(later.messages.size).toBe(0)
  for (const one of [ann, bob, later]) one?.leave()
})

test.each([
  ['a message that is not there', '/react', { message: 'x', yes: true, given: true }, 404],
  ['what is no JSON object of ours', '/say', { words: 'x' }, 400],
  ['an empty line', '/say', { text: '' }, 400],
  ['a line without end', '/say', { text: 'x'.repeat(3000) }, 400],
  ['a body without end', '/say', { text: 'x'.repeat(100_000) }, 400],
])('%s is refused, and nothing is heard', async (_, path, body, status) => {
  const ann = await comeIn(address, TOKEN)
  expect((await ann.post(path, body)).status).toBe(status)
  expect(heard).toEqual([])
  ann.leave()
})

test('a reaction on a card that does not ask is none', async () => {
  const ann = await comeIn(address, TOKEN)
  const { message } = await adapter.post('ops', { title: 'a note', tone: 'info', blocks: [] })
  expect((await ann.post('/react', { message, yes: true, given: true })).status).toBe(404)
  expect(heard).toEqual([])
  ann.leave()
})

test('only pictures are shown in place; any other file is for saving', async () => {
  const ann = await comeIn(address, TOKEN)
  const at = await adapter.post('ops', { title: 'a note', tone: 'info', blocks: [] })
  const content = new TextEncoder().encode('<script>alert(1)</script>')
  await adapter.attach(at, { name: 'page.html', type: 'text/html', content })
  await expect.poll(() => ann.messages.get(at.message)?.files.length).toBe(1)
  const answer = await ann.get(ann.messages.get(at.message)?.files[0]?.path ?? '')
  expect(answer.headers.get('content-type')).toBe('application/octet-stream')
  expect(answer.headers.get('content-disposition')).toBe('attachment')
  ann.leave()
})
