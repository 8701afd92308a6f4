import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { act, sha256 } from '../../src/boot/act-script.ts'
import type { FileEdit, TrialOrder } from '../../src/boot/chain.ts'
import { fileEdit } from '../../src/boot/file-edit.ts'
import { undoScript } from '../../src/boot/undo-script.ts'

/** Three files of a change: one edited, one made, one taken away. */
const EDITS: FileEdit[] = [
  fileEdit('/etc/default/grub', 'quiet\n', 'quiet iommu=pt\n'),
  fileEdit('/etc/modprobe.d/vfio.conf', null, 'options vfio\n'),
  fileEdit('/etc/default/grub.d/old.cfg', 'old\n', null),
]
const ENTRY = '/boot/grub/custom.cfg'
const order: TrialOrder = {
  changeId: 'c1',
  bootId: 'b',
  kept: [],
  kernel: '6.8.12-4-pve',
  edits: EDITS,
  work: { perform: [], takeBack: [act('show', '/work')], tidy: [], initramfs: null },
  trial: { kind: 'window' },
  guardDeadline: 900,
}

let root = ''
const at = (path: string) => join(root, path)
const write = (path: string, text: string) => {
  mkdirSync(dirname(at(path)), { recursive: true })
  writeFileSync(at(path), text)
}
const read = (path: string) => (existsSync(at(path)) ? readFileSync(at(path), 'utf8') : null)
const files = () => EDITS.map(({ path }) => read(path))

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lanekeeper-undo-'))
  // After the commit of a change.
  for (const { path, was, text } of EDITS) {
    if (text !== null) write(path, text)
    if (was !== null) write(`/var/lib/lanekeeper/c1${path}`, was)
  }
  write('/etc/default/grub.d/other.cfg', 'somebody else\n')
  write(ENTRY, 'trial\n')
  write('/etc/lanekeeper/guard.sh', 'guard\n')
  for (const program of ['systemctl', 'update-grub']) {
    write(`/bin/${program}`, `#!/bin/sh\necho "${program} $*" >>${root}/ran\n`)
    chmodSync(at(`/bin/${program}`), 0o755)
  }
  mkdirSync(at('/boot/grub'), { recursive: true })
  write('/boot/grub/grub.cfg', '')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const undo = (): string => {
  const disarm = [act('drop_ours', ENTRY, sha256('trial\n'))]
  const script = undoScript(order, disarm, act('update_grub'))
    .replace('PATH="', `PATH="${root}/bin:`)
    .replace('run_in=/run', `run_in=${root}/run`)
    .replace(/(?<=['"\s])\/(?=(etc|var|boot)\/)/g, `${root}/`)
  const { stdout } = spawnSync('dash', [], { input: script })
  return stdout.toString()
}

test('gives all files back, in any state between, and as often as it is run', () => {
  const old = EDITS.map(({ was }) => was)
  expect(undo()).toMatch(/\ndone\n$/)
  expect([files(), read(ENTRY), read('/etc/lanekeeper/guard.sh')]).toEqual([old, null, null])
  write('/etc/default/grub', 'quiet iommu=pt\n')
  expect(undo()).toMatch(/\ndone\n$/)
  expect(files()).toEqual(old)
  expect(read('/ran')?.match(/update-grub/g)).toHaveLength(2)
})

test.each(EDITS.map(({ path }) => path))(
  'writes no file where %s was edited since, but no boot starts the trial any more',
  (path) => {
    write(path, 'edited by hand\n')
    const before = files()
    expect(undo()).toContain(`failed changed ${at(path)} was edited by somebody else`)
    expect(files()).toEqual(before)
    expect(read(ENTRY)).toBe(null)
    expect(read('/etc/lanekeeper/guard.sh')).toBe('guard\n')
    expect(read('/ran')).toBe(null)
  },
)

test('writes no file where a kept copy is gone', () => {
  rmSync(at('/var/lib/lanekeeper/c1/etc/default/grub.d/old.cfg'))
  const before = files()
  expect(undo()).toMatch(/failed changed the kept copy .* is gone/)
  expect(files()).toEqual(before)
})
