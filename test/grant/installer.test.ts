import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { collectorScript } from '../../src/grant/collector.ts'
import { installerScript, keyLines, sudoersLine } from '../../src/grant/installer.ts'
import { tool } from '../tool.ts'

const granted = { user: 'root', look: 'ssh-ed25519 AAAAlook', change: 'ssh-ed25519 AAAAchange' }
const OTHERS =
  'ssh-ed25519 AAAAann ann@desk\n# lanekeeper-look is not this line, nor\nssh-rsa AAAAbob lanekeeper-lookalike\n'

/** Whether this process may have file systems of its own (mount namespaces). */
const alone = userInfo().uid === 0 && spawnSync('unshare', ['--mount', 'true']).status === 0
if (!alone) console.warn('SKIPPED: the script of grant was not run: it takes root and mount namespaces')

/** Runs it as on a node: what it writes to lies in folders of this test alone. Answers what stands there afterwards. */
function onNode(home: string, steps: string) {
  for (const folder of ['ssh', 'sbin', 'sudoers']) mkdirSync(join(home, folder), { recursive: true })
  writeFileSync(join(home, 'grant.sh'), installerScript(granted))
  const script = `set -eu
mkdir -p /root/.ssh
mount --bind ${home}/ssh /root/.ssh
mount --bind ${home}/sbin /usr/local/sbin
mkdir -p /etc/sudoers.d
mount --bind ${home}/sudoers /etc/sudoers.d
${steps}`
  return spawnSync('unshare', ['--mount', 'sh', '-c', script], { encoding: 'utf8' })
}
const SHOW =
  'cat /root/.ssh/authorized_keys2; echo ---; ls /usr/local/sbin; stat -c %a /root/.ssh/authorized_keys2 /usr/local/sbin/*'

describe.skipIf(!alone)('the script of grant, run', () => {
  const home = () => mkdtempSync(join(tmpdir(), 'lanekeeper-grant-'))

  test('lets the two keys in beside those that are there, as often as it is run; remove gives the file its old bytes', () => {
    const folder = home()
    mkdirSync(join(folder, 'ssh'))
    writeFileSync(join(folder, 'ssh/authorized_keys2'), OTHERS)
    const installed = onNode(folder, `for time in 1 2; do sh -s <${folder}/grant.sh; done; ${SHOW}`)
    expect(installed.status, installed.stderr).toBe(0)
    const [keys] = installed.stdout.split('---')
    expect(keys).toContain(`${OTHERS}${keyLines(granted).join('\n')}\n`)
    expect(installed.stdout.split('---')[1]?.trim().split('\n')).toEqual(['lanekeeper-look', '600', '755'])
    const removed = onNode(
      folder,
      `sh -s remove <${folder}/grant.sh; cat /root/.ssh/authorized_keys2; ls /usr/local/sbin`,
    )
    expect(removed.status, removed.stderr).toBe(0)
    expect(removed.stdout).toBe(`removed: the keys, the collector, the sudo rule\n${OTHERS}`)
  })

  test('where there are no keys yet, it makes the file; the collector it puts there looks', () => {
    const folder = home()
    const asked = "printf '# lanekeeper probes 0123456789abcdef uname\\n' | /usr/local/sbin/lanekeeper-look"
    const { status, stdout, stderr } = onNode(folder, `sh -s <${folder}/grant.sh; ${asked}; ${SHOW}`)
    expect(status, stderr).toBe(0)
    expect(stdout).toContain(execFileSync('uname', ['-r']).toString().trim())
    expect(stdout).toContain('@lanekeeper 0123456789abcdef done')
  })

  test('a file of keys that cannot be read ends it, and loses no key', () => {
    const folder = home()
    // What sed cannot read: a folder in the place of the file.
    mkdirSync(join(folder, 'ssh/authorized_keys2'), { recursive: true })
    const { status } = onNode(folder, `sh -s <${folder}/grant.sh`)
    expect(status).not.toBe(0)
    expect(onNode(folder, 'test -d /root/.ssh/authorized_keys2').status).toBe(0)
  })
})

describe('what is installed', () => {
  const other = { ...granted, user: 'lane' }
  test.skipIf(!tool('shellcheck'))('is accepted by shellcheck', () => {
    for (const script of [collectorScript(), installerScript(other), installerScript(granted)])
      expect(() =>
        execFileSync('shellcheck', ['-s', 'sh', '-e', 'SC2317,SC2329', '-'], { input: script }),
      ).not.toThrow()
  })
  test('names the collector for the one key and nothing for the other, and no way on for both', () => {
    const [look, change] = keyLines(other)
    expect(look).toBe('restrict,command="sudo -n /usr/local/sbin/lanekeeper-look" ssh-ed25519 AAAAlook lanekeeper-look')
    expect(change).toBe('restrict ssh-ed25519 AAAAchange lanekeeper-change')
    expect(sudoersLine(other)).toBe('lane ALL=(root) NOPASSWD: /usr/local/sbin/lanekeeper-look, /usr/bin/sh')
  })
})
