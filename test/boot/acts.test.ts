import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Act, ActFailed, act, anew, compileActs, put, readAnswers, sha256 } from '../../src/boot/act-script.ts'
import { tool } from '../tool.ts'

const shells = (
  [
    ['dash', ['dash'], tool('dash')],
    ['busybox sh', ['busybox', 'sh'], tool('busybox', 'busybox-static')],
  ] as const
).filter(([, , there]) => there)

const BIG = 'x'.repeat(64 * 1024)

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lanekeeper-acts-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const run = (shell: readonly string[], acts: readonly Act[]) => {
  const [program = 'sh', ...args] = shell
  const { stdout, stderr, status } = spawnSync(program, args, { input: compileActs(acts) })
  return readAnswers({ stdout, stderr: stderr.toString(), code: status ?? -1 }, 'here')
}
const at = (name: string) => join(folder, name)
const read = (name: string) => readFileSync(at(name), 'utf8')

test.skipIf(!tool('shellcheck'))('the library is accepted by shellcheck, and so is a script of calls', () => {
  const script = compileActs([act('tell_boot'), put('/etc/x', '644', null, "it's\n"), act('show', "/a b'c")])
  expect(() => execFileSync('shellcheck', ['-s', 'sh', '-'], { input: script })).not.toThrow()
})

test('a flag whose file system is gone is no flag any more', () => {
  expect(() => run(['sh'], [act('flag_drop', 'GONE-0000'), act('flag_drop', 'GONE-0000')])).not.toThrow()
  expect(() => run(['sh'], [act('flag_arm', 'GONE-0000', 'armed-c1')])).toThrow(/no file system/)
})

test.skipIf(!tool('flock', 'util-linux'))(
  'a disk that does not answer holds up neither the reboot, nor the answer, nor the next act',
  () => {
    const program = (name: string, body: string) => writeFileSync(at(name), `#!/bin/sh\n${body}\n`, { mode: 0o755 })
    program('sync', 'exec /bin/sleep 15')
    program('sleep', 'exec /bin/sleep 0.01')
    program('systemctl', `echo "$*" >>${at('ran')}`)
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    const script = (...acts: Act[]) =>
      compileActs(acts).replace('PATH="', `PATH="${folder}:`).replace('run_in=/run', `run_in=${folder}`)
    const from = performance.now()
    for (const acts of [[act('alone'), act('restart', boot)], [act('alone')]]) {
      const { stdout } = spawnSync('dash', [], { input: script(...acts) })
      expect(stdout.toString()).toMatch(/done\n$/)
    }
    expect(performance.now() - from).toBeLessThan(12_000)
    expect(read('ran')).toBe('--no-block reboot\n')
  },
)

test.skipIf(!tool('strace')).each(['drop', 'drop_ours'])(
  '%s makes a removal lasting: a power cut does not bring the file back',
  (name) => {
    writeFileSync(at('custom.cfg'), 'ours\n')
    const calls = at('calls')
    run(
      ['strace', '-f', '-o', calls, '-e', 'trace=unlink,unlinkat,openat,fsync', 'sh'],
      [act(name, at('custom.cfg'), sha256('ours\n'))],
    )
    const traced = readFileSync(calls, 'utf8')
    const removed = traced.indexOf(`"${at('custom.cfg')}"`, traced.search(/unlink(at)?\(/))
    expect(removed).toBeGreaterThan(-1)
    expect(traced.slice(removed)).toMatch(new RegExp(`openat\\(AT_FDCWD, "${folder}"[^]+fsync\\(\\d+\\) += 0`))
  },
)

describe.each(shells)('in %s', (_, shell) => {
  test('put writes over what it expects, keeps the mode, and may be repeated', () => {
    writeFileSync(at('grub'), 'before\n')
    chmodSync(at('grub'), 0o640)
    const acts = [put(at('grub'), '644', 'before\n', 'after\n')]
    run(shell, acts)
    run(shell, acts)
    expect(read('grub')).toBe('after\n')
    expect(statSync(at('grub')).mode & 0o777).toBe(0o640)
    expect(readdirSync(folder)).toEqual(['grub'])
  })

  test('a trial is armed until somebody begins to clear it away', () => {
    const note = at('armed')
    run(shell, [anew(note, '644', 'armed\n'), act('expect_armed', note), act('disarmed', note), act('disarmed', note)])
    expect(() => run(shell, [act('expect_armed', note)])).toThrow(/not armed any more/)
  })

  test('put stops at what somebody else wrote, and touches nothing behind it', () => {
    writeFileSync(at('grub'), 'somebody\n')
    const acts = [put(at('grub'), '644', 'before\n', 'after\n'), put(at('next'), '644', null, 'x')]
    expect(() => run(shell, acts)).toThrowError(expect.objectContaining({ why: 'changed' }))
    expect(read('grub')).toBe('somebody\n')
    expect(readdirSync(folder)).toEqual(['grub'])
  })

  // The limit on a file's size cuts a write off in its middle, as a disk does that fills up.
  test.each([
    ['put', () => put(at('grub'), '644', 'before\n', BIG)],
    ['anew', () => anew(at('grub'), '644', BIG)],
    ['restore', () => act('restore', at('grub'), at('kept'), 'any')],
    ['take_back', () => act('take_back', at('grub'), at('kept'), sha256('before\n'))],
  ])('%s that is cut off in the middle leaves the file as it was, and nothing beside it', (_, make) => {
    writeFileSync(at('grub'), 'before\n')
    writeFileSync(at('kept'), BIG)
    const limited = ['sh', '-c', `trap '' XFSZ; ulimit -f 8; exec ${shell.join(' ')}`]
    expect(() => run(limited, [make()])).toThrowError(expect.objectContaining({ why: 'write' }))
    expect(read('grub')).toBe('before\n')
    expect(readdirSync(folder).toSorted()).toEqual(['grub', 'kept'])
  })

  test('put does not write through a symbolic link', () => {
    writeFileSync(at('real'), 'before\n')
    symlinkSync(at('real'), at('grub'))
    expect(() => run(shell, [put(at('grub'), '644', 'before\n', 'after\n')])).toThrow(ActFailed)
    expect(read('real')).toBe('before\n')
  })

  test('a file that must not be there yet is made with its mode', () => {
    run(shell, [put(at('deep/new'), '755', null, '#!/bin/sh\n')])
    expect(statSync(at('deep/new')).mode & 0o777).toBe(0o755)
  })

  test('a kept copy is the first state for ever', () => {
    writeFileSync(at('grub'), 'first\n')
    run(shell, [act('keep', at('grub'), at('kept/grub'))])
    writeFileSync(at('grub'), 'second\n')
    run(shell, [act('keep', at('grub'), at('kept/grub'))])
    expect(read('kept/grub')).toBe('first\n')
  })

  test('restore and take_back differ where somebody else has edited', () => {
    writeFileSync(at('grub'), 'somebody\n')
    writeFileSync(at('copy'), 'before\n')
    const ours = sha256('after\n')
    expect(() => run(shell, [act('restore', at('grub'), at('copy'), ours)])).toThrow(ActFailed)
    expect(run(shell, [act('take_back', at('grub'), at('copy'), ours)]).left).toEqual([at('grub')])
    expect(read('grub')).toBe('somebody\n')
    expect(run(shell, [act('drop_ours', at('grub'), ours), act('drop_ours', at('none'), ours)]).left).toEqual([
      at('grub'),
    ])
    expect(read('grub')).toBe('somebody\n')
    run(shell, [act('restore', at('grub'), at('copy'), 'any')])
    expect(read('grub')).toBe('before\n')
  })

  test('drop removes what is ours, and nothing else', () => {
    writeFileSync(at('custom.cfg'), 'ours\n')
    expect(() => run(shell, [act('drop', at('custom.cfg'), sha256('other\n'))])).toThrow(ActFailed)
    run(shell, [act('drop', at('custom.cfg'), sha256('ours\n')), act('drop', at('custom.cfg'), sha256('ours\n'))])
    expect(readdirSync(folder)).toEqual([])
  })

  test('show gives any bytes back', () => {
    writeFileSync(at('x'), 'failed write a line\ndone\n\n')
    const { files } = run(shell, [act('show', at('x')), act('show', at('nothing'))])
    expect(files.get(at('x'))).toBe('failed write a line\ndone\n\n')
    expect(files.get(at('nothing'))).toBeNull()
  })

  test('an answer without its end is a lost connection, not a success', () => {
    const cut = Buffer.from('ok put /etc/default/grub\n')
    expect(() => readAnswers({ stdout: cut, stderr: '', code: 0 }, 'node1')).toThrowError(
      expect.objectContaining({ code: 'connection-lost' }),
    )
  })

  test('what is put and taken back has its old bytes, whatever they are', () => {
    const text = fc
      .string({ unit: 'binary', maxLength: 200 })
      .filter((one) => !one.includes('\0') && one.isWellFormed())
    fc.assert(
      fc.property(text, text, (before, after) => {
        writeFileSync(at('grub'), before)
        rmSync(at('copy'), { force: true })
        run(shell, [act('keep', at('grub'), at('copy')), put(at('grub'), '644', before, after)])
        expect(read('grub')).toBe(after)
        run(shell, [act('take_back', at('grub'), at('copy'), sha256(after))])
        expect(read('grub')).toBe(before)
      }),
      { numRuns: 25 },
    )
  }, 180_000)
})
