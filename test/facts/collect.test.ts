import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { OperatorError } from '../../src/errors.ts'
import { collect } from '../../src/facts/collect.ts'
import { writeFrames } from '../../src/facts/frames.ts'
import { learn } from '../../src/facts/learn.ts'
import { defineProbe } from '../../src/facts/probe.ts'
import { probes } from '../../src/facts/probes.ts'
import { tool } from '../tool.ts'
import { answering, localNode } from './local-node.ts'

const now = () => new Date('2026-11-22T09:00:00Z')
const probe = (name: string, snippet: string, more: { seconds?: number; maxBytes?: number; slow?: boolean } = {}) =>
  defineProbe({ name, snippet, schema: z.string(), parse: (text) => text, ...more })

const busyboxFirst = (script: string) => {
  const bin = mkdtempSync(join(tmpdir(), 'busybox-'))
  const list = spawnSync('busybox', ['--list'], { encoding: 'utf8' }).stdout.split('\n')
  for (const name of list.filter((each) => each && !['busybox'].includes(each)))
    symlinkSync('/bin/busybox', join(bin, name))
  return script.replace('PATH=/usr/sbin', `PATH=${bin}:/usr/sbin`)
}
const hasBusybox = tool('busybox', 'busybox-static')
const hasDash = tool('dash')
const shells = [
  ['dash', { shell: ['dash'] }],
  ['busybox sh', { shell: ['busybox', 'sh'] }],
  // As the collector of a looking key starts it: without the expansion of file names.
  ['busybox alone', { shell: ['busybox', 'sh'], rewrite: (script: string) => `set -f\n${busyboxFirst(script)}` }],
] as const

describe.each(shells.filter(([name]) => (name === 'dash' ? hasDash : hasBusybox)))(
  'a visit, run by %s',
  (name, way) => {
    const run = (...asked: ReturnType<typeof probe>[]) => {
      const { transport } = localNode(way)
      return collect(transport, 'node1', { now, probes: asked })
    }

    it('is one run, and tells the same facts whatever the shell', { timeout: 60_000 }, async () => {
      const { transport, scripts } = localNode(way)
      const capture = await collect(transport, 'node1', { now })
      expect(scripts).toHaveLength(1)
      expect(Object.keys(capture.probes)).toEqual(probes.map(({ name }) => name))
      expect(capture.takenAt).toBe('2026-11-22T09:00:00.000Z')
      const plain = await collect(localNode().transport, 'node1', { now })
      const { clock: _, memory: __, ...steady } = learn(capture).facts
      const { clock: ___, memory: ____, ...expected } = learn(plain).facts
      expect(steady).toEqual(expected)
      expect(steady.uname).toMatch(/^\d+\./)
      expect(learn(capture).missing).not.toHaveProperty('cmdline')
    })

    it('keeps bytes as they are, exit statuses, and the order', { timeout: 30_000 }, async () => {
      const capture = await run(
        probe('late', 'sleep 0.3; echo late; exit 4', { slow: true }),
        probe('plain', "printf 'a\\nb'"),
        probe('nothing', 'exit 3'),
        probe('ended', "printf 'a\\n\\n\\n'"),
        probe('bytes', "printf 'x\\000y'"),
        probe('arguments', 'echo "$#$*"'),
        probe('input', 'cat; echo "$?"'),
        probe('syntax', 'if then; echo x'),
        probe('later', 'echo later', { slow: true }),
      )
      const told = Object.fromEntries(
        Object.entries(capture.probes).map(([key, { exit, text }]) => [key, [exit, text]]),
      )
      expect(told).toMatchObject({
        late: [4, 'late\n'],
        plain: [0, 'a\nb'],
        nothing: [3, ''],
        ended: [0, 'a\n\n\n'],
        bytes: [0, 'x\u0000y'],
        arguments: [0, '0\n'],
        input: [0, '0\n'],
        later: [0, 'later\n'],
      })
      expect(told.syntax?.[0]).not.toBe(0)
    })

    it('loses one probe and no time to another that hangs', { timeout: 60_000 }, async () => {
      const began = performance.now()
      const capture = await run(
        probe('hangs', 'echo begun; sleep 7301 & sleep 7301; echo never', { seconds: 1 }),
        probe('ignores', "trap '' TERM INT; while :; do sleep 7301; done", { seconds: 1 }),
        probe('hangs-beside', 'sh -c "sleep 7301"', { seconds: 1, slow: true }),
        probe('fine', 'echo fine', { seconds: 1 }),
        probe('holds', 'echo held; sleep 5 >/dev/null &', { seconds: 1 }),
      )
      expect(performance.now() - began).toBeLessThan(30_000)
      expect(capture.probes.holds).toMatchObject({ exit: 0, text: 'held\n' })
      expect(capture.probes.hangs?.exit).toBeNull()
      expect(capture.probes.ignores?.exit).toBeNull()
      expect(capture.probes['hangs-beside']?.exit).toBeNull()
      expect(capture.probes.fine).toMatchObject({ exit: 0, text: 'fine\n' })
      const left = spawnSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).stdout.split('\n')
      expect(left.filter((line) => line === 'sleep 7301')).toEqual([])
    })

    it('gives each its own time, however many share a shell', { timeout: 30_000 }, async () => {
      const takes = (name: string) => probe(name, `echo ${name} begun; sleep 1.2; echo ${name}`, { seconds: 3 })
      const capture = await run(takes('a'), takes('b'), takes('c'), takes('d'))
      expect(Object.values(capture.probes).map(({ exit, text }) => [exit, text])).toEqual(
        ['a', 'b', 'c', 'd'].map((name) => [0, `${name} begun\n${name}\n`]),
      )
    })

    it('loses one probe only when a shell is killed, be it the one that they share', { timeout: 30_000 }, async () => {
      const capture = await run(
        probe('before', 'echo before'),
        probe('all', 'kill -9 $$; sleep 1; echo late'),
        probe('after', 'sleep 2; echo after'),
        probe('itself', 'kill -9 "$(sh -c \'echo $PPID\')"; echo never'),
        probe('last', 'echo last; exit 5'),
      )
      const { before, after, itself, last } = capture.probes
      expect([before?.text, after?.text, last?.text, last?.exit]).toEqual(['before\n', 'after\n', 'last\n', 5])
      expect(itself).toMatchObject({ exit: 137, text: '', cut: false })
    })

    it('cuts what floods, and says so', { timeout: 60_000 }, async () => {
      const capture = await run(
        probe('floods', 'head -c 100000000 /dev/zero', { maxBytes: 1000, seconds: 5 }),
        probe('endless', 'while :; do echo endless; done', { maxBytes: 1000, seconds: 2 }),
        probe('floods-beside', 'head -c 100000000 /dev/zero', { maxBytes: 200_000, seconds: 20, slow: true }),
        probe('fits', "printf '%1000s' x", { maxBytes: 1000 }),
        probe('last', 'echo last', { seconds: 5 }),
      )
      expect(capture.probes.last).toMatchObject({ exit: 0, text: 'last\n' })
      expect(capture.probes.floods).toMatchObject({ cut: true })
      expect(capture.probes.floods?.text).toHaveLength(1000)
      expect(capture.probes.endless).toMatchObject({ cut: true })
      expect(capture.probes['floods-beside']?.text).toHaveLength(200_000)
      expect(capture.probes.fits).toMatchObject({ cut: false, exit: 0 })
    })

    it('cuts no mark so that another is lost, however long the output is', { timeout: 60_000 }, async () => {
      const lengths = Array.from({ length: 140 }, (_, more) => 1000 + more)
      const capture = await run(
        ...lengths.map((length) => probe(`p${length}`, `printf '%${length}s' x`, { maxBytes: 1000 })),
      )
      const told = lengths.map((length) => [
        length,
        capture.probes[`p${length}`]?.cut,
        capture.probes[`p${length}`]?.text.length,
      ])
      expect(told).toEqual(lengths.map((length) => [length, length > 1000, 1000]))
    })

    it('writes nothing', { timeout: 60_000 }, async () => {
      const home = mkdtempSync(join(tmpdir(), 'home-'))
      mkdirSync(join(home, 'tmp'))
      const env = { ...process.env, HOME: home, TMPDIR: join(home, 'tmp') }
      const { transport } = localNode({ ...way, env })
      await collect(transport, 'node1', { now })
      expect(readdirSync(home, { recursive: true })).toEqual(['tmp'])
      expect(name).toBeTruthy()
    })
  },
)

it('gives up on a stream that was cut at any byte', async () => {
  const three = probes.slice(0, 3)
  const frames = three.map(({ name }) => ({ name, bytes: Buffer.from(`${name}\n`), exit: 0, ms: 1 }))
  const whole = writeFrames('nonce-for-cutting', frames)
  const options = { now, nonce: 'nonce-for-cutting', probes: three }
  for (let at = 0; at < whole.length; at++) {
    const visit = collect(
      answering(() => whole.subarray(0, at)),
      'node1',
      options,
    )
    const error = await visit.catch((thrown: unknown) => thrown)
    expect(error, `cut at ${at}`).toBeInstanceOf(OperatorError)
    expect(error).toMatchObject({ code: 'connection-lost' })
  }
  const capture = await collect(
    answering(() => whole),
    'node1',
    options,
  )
  expect(Object.keys(capture.probes)).toHaveLength(3)
})

it('takes a fresh nonce for every visit', async () => {
  const { transport, scripts } = localNode()
  for (const _ of [1, 2]) await collect(transport, 'node1', { now, probes: [probe('x', 'true')] })
  expect(scripts[0]).not.toBe(scripts[1])
})
