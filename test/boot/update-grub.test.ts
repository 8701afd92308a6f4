import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { act, compileActs, readAnswers } from '../../src/boot/act-script.ts'
import { tool } from '../tool.ts'

const UPDATE_GRUB = '/usr/sbin/update-grub'
let root = ''
const at = (path: string) => join(root, path)
const config = () => readFileSync(at('boot/grub/grub.cfg'), 'utf8')
const program = (name: string, body: string) =>
  writeFileSync(at(`bin/${name}`), `#!/bin/sh\n${body}\n`, { mode: 0o755 })

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lanekeeper-update-grub-'))
  mkdirSync(at('bin'))
  mkdirSync(at('boot/grub'), { recursive: true })
  writeFileSync(at('boot/grub/grub.cfg'), 'old\n', { mode: 0o444 })
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const run = (shell: readonly string[]) => {
  const script = compileActs([act('update_grub')])
    .replace('PATH="', `PATH="${root}/bin:`)
    .replaceAll(/(?<!-o )\/boot\/grub\//g, `${root}/boot/grub/`)
  const [name = 'sh', ...args] = shell
  const { stdout, stderr, status } = spawnSync(name, args, { input: script })
  return readAnswers({ stdout, stderr: stderr.toString(), code: status ?? -1 }, 'here')
}

describe.each([['dash'], ['busybox sh']])('in %s', (shell) => {
  const inShell = () => run(shell.split(' '))

  test.skipIf(!tool('update-grub', 'grub2-common'))(
    'the file that boots is the old one until the new one is whole',
    () => {
      writeFileSync(at('bin/update-grub'), readFileSync(UPDATE_GRUB), { mode: 0o755 })
      const inode = statSync(at('boot/grub/grub.cfg')).ino
      program('grub-mkconfig', `cat ${root}/boot/grub/grub.cfg >${root}/seen; echo new >"$2"`)
      inShell()
      expect([config(), readFileSync(at('seen'), 'utf8')]).toEqual(['new\n', 'old\n'])
      expect(statSync(at('boot/grub/grub.cfg')).ino).not.toBe(inode)
      expect(statSync(at('boot/grub/grub.cfg')).mode & 0o777).toBe(0o444)
      program('grub-mkconfig', 'echo half >"$2"; echo half >"$2.new"; echo "syntax error" >&2; exit 1')
      expect(inShell).toThrow(/grub-mkconfig failed: syntax error/)
      expect(config()).toBe('new\n')
      expect(readdirSync(at('boot/grub'))).toEqual(['grub.cfg'])
    },
  )

  test('a generator of another kind is run as it is', () => {
    program('update-grub', `echo theirs >${root}/boot/grub/grub.cfg`)
    inShell()
    expect(config()).toBe('theirs\n')
    program('update-grub', 'echo "no root" >&2; exit 1')
    expect(inShell).toThrow(/update-grub failed: no root/)
    expect(existsSync(at('boot/grub/lanekeeper.cfg'))).toBe(false)
  })
})
