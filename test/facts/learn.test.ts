import { globSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Taken } from '../../src/facts/capture.ts'
import { readCapture } from '../../src/facts/capture-folder.ts'
import { learn } from '../../src/facts/learn.ts'
import { maskCapture } from '../../src/facts/mask.ts'
import { NotLearned } from '../../src/facts/probe.ts'
import { type ProbeName, probes } from '../../src/facts/probes.ts'

const taken = (name: string, text: string, how: Partial<Taken> = {}) =>
  learn({ node: null, takenAt: null, probes: { [name]: { exit: 0, text, ...how } } })

describe('what was not learned is missing, with the reason', () => {
  it.each<[string, ProbeName, string, Partial<Taken>, RegExp]>([
    ['killed', 'uname', '6.8.12-4-pve', { exit: null }, /longer than 15 s/],
    ['cut', 'default-grub', 'x', { cut: true }, /more than \d+ bytes/],
    ['failed with nothing', 'iommu-units', '', { exit: 2 }, /exit status 2/],
    ['no such program', 'lspci', '', { exit: 127 }, /no such program/],
    ['ended by a signal', 'iommu-groups', '', { exit: 139 }, /signal 11/],
    ['not in its form', 'boot-id', 'hello', {}, /expected form/],
    ['a refusal', 'cmdline', 'cat: /proc/cmdline: Permission denied', {}, /Permission denied/],
  ])('%s', (_, name, text, how, why) => {
    const { facts, missing } = taken(name, text, how)
    expect(facts).toEqual({})
    expect(missing[name]).toMatch(why)
  })

  it('and so is what was not taken, whatever else a capture names', () => {
    const { facts, missing } = taken('no-such-probe', 'x')
    expect(facts).toEqual({})
    expect(Object.keys(missing)).toHaveLength(probes.length)
    expect(missing.uname).toBe('not taken')
  })
})

it('a kernel log that was cut proves nothing by absence', () => {
  const text = '[    0.000000] Linux version 6.8\n[    0.1] DMAR: x\n'
  expect(taken('kernel-log', text, { cut: true }).facts['kernel-log']).toMatchObject({ reachesBoot: false })
  expect(taken('kernel-log', text, { cut: true, exit: 141 }).facts['kernel-log']).toBeDefined()
})

it('a text longer than its probe may print is a cut one, whoever brings it', () => {
  const log = '[    0.000000] Linux version 6.8\n[    0.1] DMAR: x\n'
  expect(taken('kernel-log', log.repeat(100_000)).facts['kernel-log']).toMatchObject({ reachesBoot: false })
  const group = '/sys/kernel/iommu_groups/0/devices/0000:00:00.0\n'
  expect(taken('iommu-groups', group.repeat(100_000)).missing['iommu-groups']).toMatch(/more than \d+ bytes/)
  expect(taken('iommu-groups', group.repeat(1000)).facts['iommu-groups']).toBeDefined()
})

it('a program that fails and says why has told something', () => {
  const text = 'E: /etc/kernel/proxmox-boot-uuids does not exist.\n'
  expect(taken('boot-tool', text, { exit: 2 }).facts['boot-tool']).toMatchObject({ managed: false })
})

const samples = new Map(probes.map(({ name }) => [name, readFileSync(`test/captures/full/${name}.txt`, 'utf8')]))

describe('parsers', () => {
  const garble = fc.tuple(
    fc.nat(),
    fc.nat(400),
    fc.constantFrom('cut', 'crlf', 'binary', 'twice', 'shuffled', 'long'),
    fc.uint8Array({ maxLength: 200 }),
  )
  const garbled = (text: string, [at, size, kind, bytes]: [number, number, string, Uint8Array]): string => {
    const start = text === '' ? 0 : at % text.length
    if (kind === 'cut') return text.slice(start, start + size)
    if (kind === 'crlf') return text.replaceAll('\n', '\r\n')
    if (kind === 'binary') return text.slice(0, start) + Buffer.from(bytes).toString('utf8') + text.slice(start)
    if (kind === 'twice') return text + text
    if (kind === 'shuffled') return text.split('\n').reverse().join('\n')
    return text.slice(0, start) + 'x '.repeat(5000) + text.slice(start)
  }

  it.each([...samples])('of %s never throw anything but NotLearned or a schema error', (name, text) => {
    const probe = probes.find((each) => each.name === name)
    fc.assert(
      fc.property(garble, (how) => {
        try {
          probe?.parse(garbled(text, how))
        } catch (error) {
          const known = error instanceof NotLearned || (error instanceof Error && error.name.includes('ZodError'))
          expect(known, String(error)).toBe(true)
        }
      }),
      { numRuns: 60 },
    )
    expect(() => taken(name, text.slice(0, text.length / 2))).not.toThrow()
  })

  it.each([...samples])('of %s tell the same with CRLF and without a final newline', (name, text) => {
    const exact: readonly string[] = ['default-grub', 'default-grub-d']
    if (exact.includes(name)) return
    const plain = taken(name, text).facts
    expect(taken(name, text.replaceAll('\n', '\r\n')).facts).toEqual(plain)
    expect(taken(name, text.replace(/\n$/, '')).facts).toEqual(plain)
    expect(taken(name, `${text}\n\n`).facts).toEqual(plain)
  })

  it.each([...samples])('of %s stay quick with 100,000 lines, and with one line of a million', (name, text) => {
    const line = text.split('\n').find((each) => each.trim() !== '') ?? 'x: y'
    const texts = [
      `${line}\n`.repeat(100_000),
      text + ' '.repeat(1_000_000),
      `${line}${' x'.repeat(500_000)}`,
      '\r'.repeat(1_000_000),
    ]
    for (const long of texts) {
      const began = performance.now()
      try {
        probes.find((each) => each.name === name)?.parse(long)
      } catch (error) {
        if (!(error instanceof Error)) throw error
      }
      expect(performance.now() - began).toBeLessThan(30_000)
    }
  })
})

describe('masking', () => {
  it.each(globSync('test/captures/*/').filter((path) => !path.includes('refused')))(
    'of %s changes nothing that counts',
    async (path) => {
      const capture = await readCapture(path)
      const before = learn(capture)
      const after = learn(maskCapture(capture))
      const { 'boot-id': _, guests, health, 'grub-cfg': __, 'grub-env': ___, ...rest } = after.facts
      const {
        'boot-id': bootId,
        guests: oldGuests,
        health: oldHealth,
        'grub-cfg': cfg,
        'grub-env': env,
        ...oldRest
      } = before.facts
      expect(rest).toEqual(oldRest)
      expect(after.missing).toEqual(before.missing)
      expect(guests?.map(({ id, hostpci }) => [id, hostpci])).toEqual(
        oldGuests?.map(({ id, hostpci }) => [id, hostpci]),
      )
      expect(health?.nics.map(({ name, state }) => [name, state])).toEqual(
        oldHealth?.nics.map(({ name, state }) => [name, state]),
      )
      expect(after.facts['grub-cfg']?.map(({ words }) => words)).toEqual(cfg?.map(({ words }) => words))
      expect(after.facts['boot-id'] === undefined).toBe(bootId === undefined)
      if (env?.bootUuid) {
        // The same file system has the same stand-in everywhere.
        const uuid = after.facts['grub-env']?.bootUuid ?? ''
        expect(uuid).not.toBe(env.bootUuid)
        expect(after.facts['grub-cfg']?.[0]?.id).toBe(cfg?.[0]?.id?.replace(env.bootUuid, uuid))
        expect(after.facts['grub-env']?.variables.saved_entry).toContain(uuid)
      }
    },
  )

  it('takes out what is private, and nothing else', async () => {
    const masked = maskCapture(await readCapture('test/captures/full'))
    const all = JSON.stringify(masked)
    for (const secret of [
      'f3b0c442-98fc',
      '5e884898',
      'VMSERIAL42',
      'BC:24:11:AA:BB:CC',
      'a0:36:9f:12:34:56',
      '0123456789abcdefghijkl',
      '93.184.216.34',
      'S5Y1NJ0R123456',
      'ann@example.org',
      '7c4f1d7e-9a51',
    ]) {
      expect(all, secret).not.toContain(secret)
    }
    for (const kept of [
      '10.0.0.1',
      'pre-enrolled-keys=1',
      '7B1A-22C1',
      'serial0: socket',
      '0x000000006c000000',
      '0000:01:00.0',
      '8.4.1',
    ]) {
      expect(all, kept).toContain(kept)
    }
    expect(maskCapture(masked)).toEqual(masked)
  })

  it.each([
    ['cmdline', 'ip=8.8.8.8::10.0.0.1 ids=2646:5017:1043:8769', 'ip=192.0.2.1::10.0.0.1 ids=2646:5017:1043:8769'],
    ['kernel-log', 'x 2a00:1450:4001:829::200e y fe80::1 z', 'x 2001:db8::1 y fe80::1 z'],
    ['kernel-log', 'usb 1-1: SerialNumber: ABC123', 'usb 1-1: SerialNumber: masked-1'],
    ['tasks', 'PVEAPIToken=root@pam!bot=x password: hunter2', 'PVEAPIToken=masked-1 password: masked-2'],
    ['pveversion', 'libfoo: 1.2.3.4', 'libfoo: 1.2.3.4'],
    ['modprobe-d', 'https://me:secretword@host/x', 'https://masked-1@host/x'],
    [
      'default-grub',
      'GRUB_SERIAL_COMMAND="serial --unit=0 --speed=115200"',
      'GRUB_SERIAL_COMMAND="serial --unit=0 --speed=115200"',
    ],
    [
      'kernel-log',
      'Adding 00:1f.3 to 0000:00:1f.3 [mem 0x50000000-0x51ffffff 64bit pref]',
      'Adding 00:1f.3 to 0000:00:1f.3 [mem 0x50000000-0x51ffffff 64bit pref]',
    ],
  ])('in %s: %s', (name, text, expected) => {
    expect(maskCapture({ node: null, takenAt: null, probes: { [name]: { exit: 0, text } } }).probes[name]?.text).toBe(
      expected,
    )
  })

  it('stays quick and never throws', () => {
    for (const text of [
      'x'.repeat(1_000_000),
      'password '.repeat(100_000),
      '1.2.3.4 '.repeat(100_000),
      'aa:'.repeat(300_000),
    ]) {
      const began = performance.now()
      maskCapture({ node: null, takenAt: null, probes: { 'kernel-log': { exit: 0, text } } })
      expect(performance.now() - began).toBeLessThan(30_000)
    }
  })
})
