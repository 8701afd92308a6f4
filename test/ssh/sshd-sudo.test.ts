import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { missing, realNode } from './real-node.ts'
import { LONG } from './rig.ts'
import { user, workshop } from './sshd.ts'

describe.skipIf(missing !== null)('sudo on a real sshd', { timeout: 30_000 }, () => {
  const withSudo = async (script: string) => {
    const home = workshop()
    writeFileSync(join(home, 'sudo'), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
    return realNode({ path: `${home}:/usr/bin:/bin`, access: { sudo: true } })
  }

  test('not installed', async () => {
    const home = workshop()
    symlinkSync('/usr/bin/env', join(home, 'env'))
    const { connect } = await realNode({ path: home, access: { sudo: true } })
    const run = connect().run('pve1', 'true', LONG)
    await expect(run).rejects.toMatchObject({
      code: 'sudo-refused',
      message: expect.stringContaining('not installed'),
    })
  })

  test('allowed: the script runs through sudo -n', async () => {
    const { connect } = await withSudo('[ "$1" = -n ] && [ "$2" = -- ] && shift 2 && VIA=sudo exec env VIA=sudo "$@"')
    expect(await connect().run('pve1', 'echo $VIA; exit 1', LONG)).toMatchObject({
      stdout: Buffer.from('sudo\n'),
      code: 1,
    })
  })

  test.each([
    ['sudo: a password is required'],
    ['sudo: sorry, you must have a tty to run sudo'],
    ['bot is not in the sudoers file.'],
    ["Sorry, user bot is not allowed to execute '/usr/bin/sh -c x' as root on pve1."],
  ])('refused: %s', async (says) => {
    const { connect } = await withSudo(`echo "${says}" >&2; exit 1`)
    await expect(connect().run('pve1', 'true', LONG)).rejects.toMatchObject({
      code: 'sudo-refused',
      message: expect.stringContaining(says),
      hint: expect.stringContaining(`${user} ALL=(root) NOPASSWD: /usr/bin/sh`),
    })
  })

  test('a script that fails by itself is no refusal', async () => {
    const { connect } = await withSudo('shift 2; exec "$@"')
    expect(
      await connect().run('pve1', 'echo "sudo: a password is required" >&2; echo out; exit 1', LONG),
    ).toMatchObject({ code: 1 })
  })
})
