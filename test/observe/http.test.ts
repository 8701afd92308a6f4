import { afterEach, describe, expect, test } from 'vitest'
import { healthOf } from '../../src/observe/health.ts'
import { serveHttp } from '../../src/observe/http.ts'
import { createMetrics } from '../../src/observe/metrics.ts'
import { aChange } from '../changes/a-change.ts'

const fine = {
  chats: [{ name: 'console', connected: () => true }],
  tryStore: async () => undefined,
  live: async () => [],
  watched: () => [1, 2] as const,
}

describe('health', () => {
  test('is ok when every chat is connected and the stores work; a node that is away does not matter', async () => {
    expect(await healthOf(fine)).toEqual({
      status: 'ok',
      chats: { console: 'connected' },
      store: 'ok',
      changes: 0,
      watched: [1, 2],
    })
  })
  test.each([
    ['a chat is not connected', { chats: [{ name: 'slack', connected: () => false }] }],
    ['nothing can be stored', { tryStore: () => Promise.reject(new Error('read-only file system')) }],
    ['the changes cannot be read', { live: () => Promise.reject(new Error('gone')) }],
  ])('is failing when %s, and says so', async (_, broken) => {
    const health = await healthOf({ ...fine, ...broken })
    expect(health.status).toBe('failing')
    expect(JSON.stringify(health)).toMatch(/not connected|read-only|null/)
  })
})

test('health is told within seconds, also while the stores do not answer', async () => {
  const never = () => new Promise<never>(() => undefined)
  const began = Date.now()
  const health = await healthOf({ ...fine, tryStore: never, live: never })
  expect(Date.now() - began).toBeLessThan(4000)
  expect(health).toMatchObject({ status: 'failing', store: 'no answer within 2 s', changes: null })
})

describe('served on loopback', () => {
  let stop: () => Promise<void> = async () => undefined
  afterEach(() => stop())
  const start = async (broken = {}) => {
    const metrics = createMetrics({
      live: async () => [aChange('armed'), aChange('armed')],
      watched: () => 3,
      heldBack: () => 0,
    })
    const served = await serveHttp({
      host: '127.0.0.1',
      port: 0,
      health: () => healthOf({ ...fine, ...broken }),
      metrics,
    })
    stop = served.stop
    return { metrics, at: (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${served.port}${path}`, init) }
  }

  test('/healthz answers 200 when well and 503 when failing', async () => {
    const well = await start()
    const answer = await well.at('/healthz')
    expect([answer.status, ((await answer.json()) as { status: string }).status]).toEqual([200, 'ok'])
    await stop()
    const ill = await start({ chats: [{ name: 'slack', connected: () => false }] })
    expect((await ill.at('/healthz')).status).toBe(503)
  })

  test('/metrics counts looks by verdict and changes by outcome and state', async () => {
    const { metrics, at } = await start()
    metrics.looked({ status: 'broken' }, 1.5)
    metrics.looked({ status: 'unreachable' }, 15)
    metrics.closed(aChange('closed', { outcome: 'reverted' }))
    const answer = await at('/metrics')
    expect(answer.headers.get('content-type')).toContain('text/plain')
    const text = await answer.text()
    expect(text).toContain('lanekeeper_diagnosis_seconds_count{verdict="broken"} 1')
    expect(text).toContain('lanekeeper_diagnosis_seconds_sum{verdict="unreachable"} 15')
    expect(text).toContain('lanekeeper_changes_closed_total{outcome="reverted"} 1')
    expect(text).toContain('lanekeeper_changes_live{state="armed"} 2')
    expect(text).toContain('lanekeeper_nodes_watched 3')
    expect(text).toContain('process_resident_memory_bytes')
  })

  test('anything else is refused', async () => {
    const { at } = await start()
    expect((await at('/')).status).toBe(404)
    expect((await at('/constructor')).status).toBe(404)
    expect((await at('/metrics', { method: 'POST' })).status).toBe(405)
    expect(await (await at('/healthz', { method: 'HEAD' })).text()).toBe('')
  })

  test('a port that is taken is an error that says what to do', async () => {
    await start()
    const again = serveHttp({ host: '256.0.0.1', port: 1, health: () => healthOf(fine), metrics: {} as never })
    await expect(again).rejects.toMatchObject({ code: 'act-failed', hint: expect.stringContaining('http:') })
  })
})
