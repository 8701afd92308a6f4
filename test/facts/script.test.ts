import { spawnSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { probes } from '../../src/facts/probes.ts'
import { compileScript } from '../../src/facts/script.ts'
import { tool } from '../tool.ts'

const nonce = 'test-nonce-12345'
const script = compileScript(probes, nonce)
const check = (command: string, ...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(command, args, { input: script, encoding: 'utf8' })
  expect(`${stdout}${stderr}`).toBe('')
  expect(status).toBe(0)
}

describe('the script', () => {
  it('says in its first line whom it asks', () => {
    expect(script.split('\n', 1)[0]).toBe(`# lanekeeper probes ${nonce} ${probes.map(({ name }) => name).join(' ')}`)
  })

  it.skipIf(!tool('dash'))('parses in dash', () => check('dash', '-n'))
  it.skipIf(!tool('busybox', 'busybox-static'))('parses in busybox', () => check('busybox', 'sh', '-n'))
  it.skipIf(!tool('shellcheck'))('has nothing that shellcheck minds', () => check('shellcheck', '-s', 'sh', '-'))

  it.skipIf(!tool('shellcheck')).each(probes.map(({ name, snippet }) => [name, snippet] as const))(
    'has nothing that shellcheck minds in the snippet of %s',
    (_, snippet) => {
      const { stdout } = spawnSync('shellcheck', ['-s', 'sh', '-'], { input: snippet, encoding: 'utf8' })
      expect(stdout).toBe('')
    },
  )

  it('writes into no file', () => {
    const targets = [...script.matchAll(/(?:^|[^<&>|=\w-])\d?>{1,2}(?!&)\s*("?[^\s;)"]+)/gm)].map(([, to]) => to)
    expect(targets.filter((to) => to !== '/dev/null' && to !== '=' && to !== '0')).toEqual([])
    expect(script).not.toMatch(/\b(?:tee|mktemp|dd|cp|mv|rm|touch|mkdir|ln|chmod|truncate|install|logger)\s/)
    expect(script).not.toMatch(/<<-?\s*\w/)
  })

  const traced = tool('strace') && spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0
  it.skipIf(!traced)(
    'opens no file for writing while it runs, and makes, moves and mounts none',
    { timeout: 60_000 },
    () => {
      const calls = 'openat,open,creat,unlink,unlinkat,mkdir,mkdirat,rename,renameat2,symlinkat,truncate,mount,fchmodat'
      const { stderr } = spawnSync('strace', ['-f', '-qq', '-e', `trace=${calls}`, 'dash', '-c', script], {
        encoding: 'utf8',
        maxBuffer: 1 << 28,
      })
      const all = stderr.split('\n')
      const writes = all.filter((line) =>
        /O_WRONLY|O_RDWR|O_CREAT|(?:creat|unlink|mkdir|rename|symlink|truncate|mount|chmod)\w*\(/.test(line),
      )
      expect(all.length).toBeGreaterThan(500)
      expect(writes.filter((line) => !line.includes('"/dev/null"'))).toEqual([])
    },
  )

  it('is short', () => {
    expect(script.length).toBeLessThan(40_000)
  })

  it('refuses a nonce that could be read as shell', () => {
    expect(() => compileScript(probes, 'x; reboot')).toThrow('not a nonce')
  })

  it('has a snippet file for no probe that is not there', () => {
    const files = globSync('src/facts/probes/*.sh').map((path) => readFileSync(path, 'utf8').length)
    expect(files.length).toBeGreaterThan(20)
    for (const { name, snippet } of probes) expect(snippet.trim(), name).not.toBe('')
  })
})
