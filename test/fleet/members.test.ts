import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Config } from '../../src/config.ts'
import { withMembers } from '../../src/discovering.ts'
import { isRefusal } from '../../src/errors.ts'
import { newMembers, readMembers } from '../../src/fleet/members.ts'

const FILE = `{
"nodename": "pve1",
"version": 11,
"cluster": { "name": "lab", "version": 3, "nodes": 3, "quorate": 1 },
"nodelist": {
  "pve1": { "id": 1, "online": 1, "ip": "192.0.2.11"},
  "pve2": { "id": 2, "online": 1, "ip": "192.0.2.12"},
  "pve3": { "id": 3, "online": 0, "ip": "192.0.2.13"}
  }
}
`

describe('the members of a cluster', () => {
  test('are those that the file lists, without the one that was asked', () => {
    expect(readMembers(FILE)).toEqual({
      cluster: 'lab',
      others: [
        { name: 'pve2', host: '192.0.2.12' },
        { name: 'pve3', host: '192.0.2.13' },
      ],
    })
  })
  test('a node that stands alone has none', () => {
    expect(readMembers('{ "nodename": "pve1", "version": 2 }')).toEqual({ cluster: null, others: [] })
  })
  test.each(['', 'cat: /etc/pve/.members: No such file', '[]', '{"nodelist":{}}'])('%j is refused', (text) => {
    expect(isRefusal(readMembers(text))).toBe(true)
  })
  test('whatever stands there, only names that a configuration could have come through', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.record({ ip: fc.string() })), (nodelist) => {
        const read = readMembers(JSON.stringify({ nodename: 'x', nodelist }))
        if (!isRefusal(read)) for (const { name } of read.others) expect(name).toMatch(/^[A-Za-z0-9][\w.-]*$/)
      }),
    )
  })
  test('those that the configuration names itself, by name or address, are left to it', () => {
    const known = { pve2: { host: 'elsewhere' }, third: { host: '192.0.2.13' } }
    expect(newMembers(readMembers(FILE), known)).toEqual([])
  })
})

describe('a node with discover: true', () => {
  const manner = { labels: ['rack1'], watch: true, discover: true }
  const access = { host: '192.0.2.11', port: 2222, user: 'lk', keyFile: '/k', sudo: true }
  const config = () =>
    ({
      data: mkdtempSync(join(tmpdir(), 'lanekeeper-')),
      nodes: { pve1: access },
      changing: { pve1: access },
      fleet: { pve1: manner },
    }) as unknown as Config
  const parts = (run: () => Promise<{ stdout: Buffer; stderr: string; code: number }>, now = new Date()) => {
    const troubles: string[] = []
    return {
      troubles,
      transport: { run },
      now: () => now,
      trouble: (node: string, why: string) => void troubles.push(`${node}: ${why}`),
    }
  }
  const says = async () => ({ stdout: Buffer.from(FILE), stderr: '', code: 0 })
  const down = () => Promise.reject(new Error('no route'))

  test('adds the others, reached as it is, with its labels', async () => {
    const whole = await withMembers(config(), parts(says))
    expect(whole.nodes).toEqual({
      pve1: access,
      pve2: { ...access, host: '192.0.2.12' },
      pve3: { ...access, host: '192.0.2.13' },
    })
    expect(whole.fleet.pve3).toEqual({ labels: ['rack1'], watch: true, discover: false })
  })
  test('is remembered while it is away, and asked again after ten minutes', async () => {
    const one = config()
    await withMembers(one, parts(says))
    const soon = parts(down)
    expect(Object.keys((await withMembers(one, soon)).nodes)).toHaveLength(3)
    expect(soon.troubles).toEqual([])
    const later = parts(down, new Date(Date.now() + 700_000))
    expect(Object.keys((await withMembers(one, later)).nodes)).toHaveLength(3)
    expect(later.troubles).toEqual(['pve1: no route'])
  })
  test('that cannot be asked, and never was, is said, and stands alone', async () => {
    const alone = parts(down)
    expect(Object.keys((await withMembers(config(), alone)).nodes)).toEqual(['pve1'])
    expect(alone.troubles).toEqual(['pve1: no route'])
  })
})
