import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { type GrubEntry, parseGrubConfig } from '../../src/bootconfig/grub-config.ts'
import { type TrialGate, trialBlock, trialWords, withoutTrial, withTrial } from '../../src/bootconfig/grub-custom.ts'
import { grubArgument, kernelWord } from '../../src/bootconfig/grub-linux.ts'
import { isRefusal } from '../../src/errors.ts'
import { tool } from '../tool.ts'

const BODY = `
\tsavedefault
\tload_video
\tinsmod gzio
\tif [ x$grub_platform = xxen ]; then insmod xzio; insmod lzopio; fi
\tsearch --no-floppy --fs-uuid --set=root --hint='lvmid/x/y'  8a1b2c3d-1111
\techo\t'Loading Linux 6.8.12-4-pve ...'
\tlinux\t/boot/vmlinuz-6.8.12-4-pve root=/dev/mapper/pve-root ro  quiet
\techo\t'Loading initial ramdisk ...'
\tinitrd\t/boot/early.img /boot/initrd.img-6.8.12-4-pve
`
const menu = (body: string): string => `menuentry 'Debian' --class debian $menuentry_id_option 'simple' {${body}}\n`
const entryOf = (text: string): GrubEntry => {
  const config = parseGrubConfig(text)
  const entry = isRefusal(config) ? undefined : config.entries[0]
  if (!entry) throw new Error(text)
  return entry
}
const flag: TrialGate = { kind: 'flag', uuid: '6238-15AA', path: '/lanekeeper/grubenv' }
const window = (from: string, to: string): TrialGate => ({ kind: 'window', from: new Date(from), to: new Date(to) })
const blockOf = (words: readonly string[], mechanism: TrialGate = flag, body = BODY): string => {
  const block = trialBlock({ entry: entryOf(menu(body)), words, changeId: 'V1StGX-8_Z5', mechanism })
  if (isRefusal(block)) throw new Error(block.refused)
  return block
}
const why = (words: readonly string[], mechanism: TrialGate = flag, body = BODY): string | false => {
  const block = trialBlock({ entry: entryOf(menu(body)), words, changeId: 'c', mechanism })
  return isRefusal(block) && block.refused
}

const folder = mkdtempSync(join(tmpdir(), 'lanekeeper-custom-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const hasChecker = tool('grub-script-check', 'grub-common')
/** GRUB's own reader; throws when it refuses. */
const checkScript = (text: string): void => {
  if (!hasChecker) return
  const path = join(folder, 'custom.cfg')
  writeFileSync(path, text)
  execFileSync('/usr/bin/grub-script-check', [path], { stdio: 'pipe' })
}

describe('the trial entry', () => {
  test('is the default entry with other words, everything else copied', () => {
    const block = blockOf(['root=/dev/mapper/pve-root', 'ro', 'quiet', 'intel_iommu=on'])
    checkScript(block)
    expect(block).toContain(`\tsearch --no-floppy --fs-uuid --set=root --hint='lvmid/x/y'  8a1b2c3d-1111\n`)
    expect(block).toContain(
      '\tif linux /boot/vmlinuz-6.8.12-4-pve root=/dev/mapper/pve-root ro quiet intel_iommu=on lanekeeper.trial=V1StGX-8_Z5 panic=30; then true; else',
    )
    expect(block).toContain('\tif initrd\t/boot/early.img /boot/initrd.img-6.8.12-4-pve; then true; else')
    expect(block).not.toContain('savedefault')
    expect(block.indexOf('save_env')).toBeLessThan(block.indexOf('menuentry'))
    expect(block.indexOf('menuentry')).toBeLessThan(block.indexOf('set default='))
  })

  test('loads another initramfs where one is to be tried, beside the microcode that comes first', () => {
    const trial = { entry: entryOf(menu(BODY)), words: ['ro'], changeId: 'c', mechanism: flag }
    const block = trialBlock({ ...trial, initramfs: 'lanekeeper-c.img' })
    expect(block).toContain('\tif initrd\t/boot/early.img /boot/lanekeeper-c.img; then true; else')
    checkScript(String(block))
    const none = entryOf(menu(BODY.replace('initrd.img', 'other.img')))
    expect(trialBlock({ ...trial, entry: none, initramfs: 'lanekeeper-c.img' })).toHaveProperty('refused')
  })

  test('ends with the marker and a panic that reboots, whatever panic was asked for', () => {
    expect(trialWords(['panic=0', 'ro', 'lanekeeper.trial=old', 'panic=5'], 'new')).toEqual([
      'ro',
      'lanekeeper.trial=new',
      'panic=30',
    ])
  })

  test('behind a time window waits until it is over before it goes back, so that it cannot start again', () => {
    const block = blockOf(['ro'], window('2026-12-31T23:58:20Z', '2027-01-01T00:08:20Z'))
    expect(block).toContain('lanekeeper.trial=V1StGX-8_Z5 panic=600;')
    expect(block).toContain('sleep 600; reboot')
    expect(block).not.toContain('sleep 30')
    expect(blockOf(['ro'])).toContain('sleep 30; reboot')
  })

  test.each([
    ['a line the kernel would cut', [`a=${'x'.repeat(2000)}`], flag, BODY, 'longer than'],
    ['a word GRUB would change', ['a\\b'], flag, BODY, 'unchanged'],
    ['a quote in the middle', ['a="b"c'], flag, BODY, 'unchanged'],
    ['GRUB variables on the line', ['ro'], flag, BODY.replace('quiet', 'quiet $vt_handoff'), 'variables'],
    ['two kernels', ['ro'], flag, `${BODY}\n linux /x\n`, 'exactly one'],
    ['no kernel', ['ro'], flag, 'chainloader /x', 'exactly one'],
    ['a UUID that is none', ['ro'], { ...flag, uuid: '1; reboot' }, BODY, 'no UUID'],
    ['a path that is none', ['ro'], { ...flag, path: '/a b' }, BODY, 'no path'],
    ['an empty window', ['ro'], window('2026-11-22T10:00:05Z', '2026-11-22T10:00:50Z'), BODY, 'empty'],
    ['a window without end', ['ro'], window('2026-11-22T10:00:00Z', 'x'), BODY, 'empty'],
    ['a long window', ['ro'], window('2026-11-22T10:00:00Z', '2026-11-24T10:00:00Z'), BODY, 'longer than a day'],
  ] as const)('is refused for %s', (_, words, mechanism, body, reason) => {
    expect(why(words, mechanism as TrialGate, body)).toContain(reason)
  })
})

/** Printed by GRUB 2.06 in QEMU, one argument a line, when it booted a trial with these words. */
test.each([
  ['a$b', 'a$b'],
  ['c;d', 'c;d'],
  ['"h=i j"', 'h=i j'],
  ['h="i j"', 'h=i j'],
  ['k={l}', 'k={l}'],
  ['*', '*'],
  ['/b*', '/b*'],
  ['#m', '#m'],
  ['n=#o', 'n=#o'],
  ['~', '~'],
  ['p=q|r&s', 'p=q|r&s'],
  ['!', '!'],
  ['[x]', '[x]'],
  ['back\\\\slash', 'back\\slash'],
  ["it\\'s", "it's"],
  ['$@', '$@'],
  ['(hd0)', '(hd0)'],
  ['t=`u`', 't=`u`'],
  ['x=?', 'x=?'],
])('GRUB hands %j over as the argument %j', (word, argument) => {
  expect(grubArgument(word)).toBe(argument)
})

test('any words come back from the block as they went in, and GRUB takes it', () => {
  const argument = fc.string({ unit: fc.constantFrom(...`abc=.,$;{}&|<>'"\\#*?~!() é`), minLength: 1, maxLength: 12 })
  let checked = ''
  fc.assert(
    fc.property(fc.array(argument, { maxLength: 6 }), (list) => {
      const words = list.map(kernelWord).filter((word) => grubArgument(word) !== undefined)
      const block = blockOf(words)
      const inner = block.slice(block.indexOf('menuentry'), block.indexOf('set default='))
      expect(entryOf(inner).words.slice(0, -2)).toEqual(
        words.filter((word) => !/^"?(panic|lanekeeper\.trial)(=|$)/.test(word)),
      )
      checked += block
    }),
    { numRuns: 300 },
  )
  checkScript(checked)
})

describe('the time window', () => {
  /** What the clauses say at a moment, read from the text. */
  const isOpen = (block: string, at: Date): boolean => {
    const hour = [at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate(), at.getUTCHours()].join('-')
    return [...block.matchAll(/_hour" = "([\d-]+)" -a "\$\w+" -ge (\d+) -a "\$\w+" -lt (\d+) \]/g)].some(
      ([, when, first, last]) =>
        when === hour && at.getUTCMinutes() >= Number(first) && at.getUTCMinutes() < Number(last),
    )
  }
  test('is open from its first minute to the one before its last, over midnight, month and year ends', () => {
    const start = fc.constantFrom(
      '2026-12-31T23:00:00Z',
      '2028-02-28T22:30:00Z',
      '2026-02-28T23:59:00Z',
      '2026-11-22T09:00:00Z',
      '2027-03-31T21:07:00Z',
    )
    fc.assert(
      fc.property(
        start,
        fc.nat(180),
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: -400, max: 700 }),
        (day, shift, length, probe) => {
          const from = new Date(Date.parse(day) + shift * 60_000)
          const to = new Date(from.getTime() + length * 60_000)
          const block = blockOf(['ro'], { kind: 'window', from, to })
          const at = new Date(from.getTime() + probe * 60_000 + 30_000)
          expect(isOpen(block, at)).toBe(at >= from && at < to)
        },
      ),
      { numRuns: 500 },
    )
  })
  test('is written as GRUB prints the clock, and GRUB takes it', () => {
    const block = blockOf(['ro'], window('2026-12-31T23:50:00Z', '2027-01-01T01:05:59Z'))
    checkScript(block)
    expect(block).toContain('"2026-12-31-23" -a "$lanekeeper_minute" -ge 50 -a "$lanekeeper_minute" -lt 60 ]')
    expect(block).toContain('"2027-1-1-0" -a "$lanekeeper_minute" -ge 0 -a "$lanekeeper_minute" -lt 60 ]')
    expect(block).toContain('"2027-1-1-1" -a "$lanekeeper_minute" -ge 0 -a "$lanekeeper_minute" -lt 5 ]')
  })
})

test('custom.cfg gets the block and loses it again, to the byte', () => {
  const text = fc.oneof(fc.constant(null), fc.string({ unit: fc.constantFrom('a', ' ', '\n', '#', '{', 'é') }))
  fc.assert(
    fc.property(text, (existing) => {
      const block = blockOf(['ro'])
      const custom = withTrial(existing, block)
      expect(custom).toContain(block.trimEnd())
      expect(custom.startsWith(existing ?? '')).toBe(true)
      expect(withoutTrial(custom)).toBe(existing)
      expect(withTrial(custom, block)).toBe(custom)
      expect(withoutTrial(existing ?? 'x')).toBe(existing ?? 'x')
    }),
  )
  checkScript(withTrial('menuentry "theirs" {\n true\n}', blockOf(['ro'])))
})
