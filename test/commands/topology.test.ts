import { describe, expect, test, vi } from 'vitest'
import { commands } from '../../commands/index.ts'
import { cardText } from '../../src/cards/text.ts'
import { topologyCard } from '../../src/cards/topology-card.ts'
import { createRouter } from '../../src/chat/router.ts'
import type { Topology } from '../../src/topology/topology.ts'
import { operator } from '../cards/samples.ts'
import { createFakeAdapter, type Said } from '../chat/fake-adapter.ts'
import { createFakeCore } from '../chat/fake-core.ts'
import { largeServer, pictured } from '../topology/nodes.ts'

const troubled = pictured(largeServer(2))
const calm: Topology = { ...troubled, troubles: troubled.troubles.filter(({ severity }) => severity === 'notice') }

/** A room whose nodes look like this topology; `fail` refuses what is said. */
async function ask(text: string, topology: Topology, fail: (what: Said) => boolean = () => false) {
  const { core } = createFakeCore({ tell: () => undefined })
  const { adapter, said } = createFakeAdapter('fake', fail)
  const error = vi.fn()
  const shows = vi.fn(async () => void order.push('card'))
  const order: string[] = []
  const attach = adapter.attach
  const router = createRouter({
    core: { ...core, diagnose: async (node, question) => ({ ...(await core.diagnose(node, question)), topology }) },
    commands,
    notifier: { shows, found: vi.fn(), changeOn: async () => undefined },
    log: { error },
    newId: () => 'e1',
  })
  const watched = {
    ...adapter,
    async attach(...args: Parameters<typeof attach>) {
      order.push('file')
      await attach(...args)
    },
  }
  await router.receive(watched)({ kind: 'command', text, by: operator, channel: 'ops' })
  return { said, error, order, kinds: said.map(({ what }) => what) }
}

describe('/pcie topology', () => {
  test('answers with the text, and the picture in its thread', async () => {
    const { said, kinds } = await ask('/pcie topology node3', troubled)
    expect(kinds).toEqual(['post', 'edit', 'file'])
    expect(said[1]?.text).toContain('GUEST vm 300 nas')
    expect(said[2]).toMatchObject({ thread: said[0]?.message, file: { name: 'topology-node3.png', type: 'image/png' } })
    expect(Buffer.from(said[2]?.file?.content ?? []).toString('latin1', 1, 4)).toBe('PNG')
  })
  test('keeps the text and says so when the picture cannot be attached', async () => {
    const { said, kinds, error } = await ask('/pcie topology node3', troubled, ({ what }) => what === 'file')
    expect(kinds).toEqual(['post', 'edit', 'whisper'])
    expect(said[2]?.text).toBe('It could not be attached: fake is down')
    expect(error).toHaveBeenCalledOnce()
  })
  test('keeps the text even when that cannot be said', async () => {
    const { kinds, error } = await ask(
      '/pcie topology node3',
      troubled,
      ({ what }) => what === 'file' || what === 'whisper',
    )
    expect(kinds).toEqual(['post', 'edit'])
    expect(error).toHaveBeenCalledTimes(2)
  })
  test('gives the file a harmless name', async () => {
    const { said } = await ask('/pcie topology node3', { ...troubled, node: '../a b/c' })
    expect(said[2]?.file?.name).toBe('topology-..-a-b-c.png')
  })
})

describe('/pcie diagnose', () => {
  test('asks for approval first, and adds the picture then', async () => {
    const { order } = await ask('/pcie diagnose node3', troubled)
    expect(order).toEqual(['card', 'file'])
  })
  test.each<[string, Topology]>([
    ['nothing but notices was found', calm],
    ['the IOMMU is off: there are no groups to be seen', { ...troubled, iommu: 'off' }],
    ['no finding names a device', { ...troubled, troubles: troubled.troubles.map((one) => ({ ...one, devices: [] })) }],
    ['no device was seen', { ...troubled, roots: [] }],
  ])('adds none where %s', async (_, topology) => {
    const { order } = await ask('/pcie diagnose node3', topology)
    expect(order).toEqual(['card'])
  })
  test('only logs that a picture could not be attached', async () => {
    const { kinds, order, error } = await ask('/pcie diagnose node3', troubled, ({ what }) => what === 'file')
    expect({ kinds, order }).toEqual({ kinds: ['post'], order: ['card', 'file'] })
    expect(error).toHaveBeenCalledOnce()
  })
})

describe('the card', () => {
  test('says the verdict, when the node was read, and the tree at fixed width', () => {
    const card = topologyCard(troubled)
    expect(card).toMatchObject({ title: 'node3: PCIe topology', tone: 'danger' })
    expect(card.blocks.map(({ type }) => type)).toEqual(['text', 'code'])
    expect(cardText(card)).toContain('Read at 2026-11-22 09:00 UTC.')
  })
  test.each([
    ['warn', troubled.troubles.map((one) => ({ ...one, severity: 'warning' as const }))],
    ['info', []],
  ])('has the tone %s of the worst finding', (tone, troubles) =>
    expect(topologyCard({ ...troubled, troubles }).tone).toBe(tone),
  )
})

describe('what is found', () => {
  const withCapture = async (status: 'healthy' | 'broken', fail?: (what: Said) => boolean) => {
    const { core } = createFakeCore({ tell: () => undefined })
    const { adapter, said } = createFakeAdapter('fake', fail)
    const error = vi.fn()
    const router = createRouter({
      core: {
        ...core,
        diagnose: async (node, question) => {
          const seen = await core.diagnose(node, question)
          const report = { ...seen.report, verdict: { ...seen.report.verdict, status } }
          return { ...seen, report, topology: calm, capture: () => Buffer.from('lanekeeper capture 1 x\n') }
        },
      },
      commands,
      notifier: { shows: vi.fn(async () => undefined), found: vi.fn(), changeOn: async () => undefined },
      log: { error },
      newId: () => 'e1',
    })
    await router.receive(adapter)({ kind: 'command', text: '/pcie diagnose node3', by: operator, channel: 'ops' })
    return {
      files: said.filter(({ what }) => what === 'file'),
      posts: said.filter(({ what }) => what === 'post'),
      error,
    }
  }

  test('comes with the capture it rests on, in the thread', async () => {
    const { files, posts } = await withCapture('broken')
    expect(files).toMatchObject([{ thread: posts[0]?.message, file: { name: 'capture-node3-20261122T0900.txt' } }])
  })
  test('and costs nothing else when that cannot be attached', async () => {
    const { posts, error } = await withCapture('broken', ({ what }) => what === 'file')
    expect(posts).toHaveLength(1)
    expect(error).toHaveBeenCalledOnce()
  })
  test('a healthy node leaves no file', async () => expect((await withCapture('healthy')).files).toEqual([]))
})
