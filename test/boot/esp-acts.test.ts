import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  type Act,
  type ActAnswers,
  act,
  CALLS_BEGIN,
  compileActs,
  readAnswers,
  sha256,
} from '../../src/boot/act-script.ts'
import type { TrialOrder } from '../../src/boot/chain.ts'
import { fileEdit } from '../../src/boot/file-edit.ts'
import { grubEsp } from '../../src/boot/grub-esp.ts'
import { systemdBoot } from '../../src/boot/systemd-boot.ts'
import { entryWords } from '../../src/bootconfig/loader-entry.ts'
import { isRefusal } from '../../src/errors.ts'
import { generateConfig } from '../../src/simulator/grub-model.ts'

const [ONE, TWO] = ['7B1A-22C1', '7B1B-0001'] as const
const KERNEL = '6.8.12-4-pve'
const ENTRY = `title Proxmox\nversion ${KERNEL}\noptions root=x quiet\nlinux /v\ninitrd /i\n`
let root = ''
const at = (...path: string[]) => join(root, ...path)
const entries = (esp: string) => readdirSync(at(esp, 'loader/entries')).toSorted()
const oneshot = () =>
  existsSync(at('vars/LoaderEntryOneShot-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f'))
    ? readFileSync(at('vars/LoaderEntryOneShot-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f'))
        .subarray(4)
        .toString('utf16le')
        .replaceAll('\0', '')
    : ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lanekeeper-esp-'))
  for (const folder of ['bin', 'vars', 'kernel', 'systemd']) mkdirSync(at(folder))
  writeFileSync(at('systemd/lanekeeper-guard.service'), '')
  for (const esp of [ONE, TWO]) {
    mkdirSync(at(esp, 'loader/entries'), { recursive: true })
    writeFileSync(at(esp, 'loader/loader.conf'), 'timeout 3\ndefault proxmox-*\n')
    writeFileSync(at(esp, `loader/entries/proxmox-${KERNEL}.conf`), ENTRY)
  }
  writeFileSync(at('kernel/proxmox-boot-uuids'), `${ONE}\n${TWO}`)
  // As bootctl does: four bytes of attributes, then the name in UTF-16 with its end.
  writeFileSync(
    at('bin/bootctl'),
    `#!/bin/sh
var=${root}/vars/LoaderEntryOneShot-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f
[ -n "$2" ] || { rm -f "$var"; exit; }
{ printf '\\007\\000\\000\\000'; printf '%s' "$2" | sed 's/./&\\n/g' | while read -r char; do printf '%s\\000' "$char"; done; printf '\\000\\000'; } >"$var"
`,
  )
  writeFileSync(at('bin/systemctl'), '#!/bin/sh\n')
  for (const program of ['bootctl', 'systemctl']) chmodSync(at('bin', program), 0o755)
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

/** The acts with their places moved under `root`; mounting is what the lab is for. */
const run = (acts: readonly Act[]): ActAnswers => runScript(compileActs(acts))
/** The same for calls as they stand in a script. */
const runText = (calls: string): ActAnswers =>
  runScript(compileActs([]).replace(`\n${CALLS_BEGIN}\n`, `\n${CALLS_BEGIN}\n${calls}\n`))
function runScript(text: string): ActAnswers {
  const script = text
    .replace('PATH="', `PATH="${root}/bin:`)
    .replaceAll('/etc/kernel/', `${root}/kernel/`)
    .replaceAll('/etc/systemd/system/', `${root}/systemd/`)
    .replaceAll('/sys/firmware/efi/efivars/', `${root}/vars/`)
    .replaceAll('-d /sys/firmware/efi ', `-d ${root}/vars `)
    .replace(
      `\n${CALLS_BEGIN}\n`,
      `\ntry_fs() { at=${root}/$1; own=no; why="no $1"; [ -d "$at" ]; }\nleave_fs() { :; }\n${CALLS_BEGIN}\n`,
    )
  const { stdout, stderr, status } = spawnSync('dash', [], { input: script })
  return readAnswers({ stdout, stderr: stderr.toString(), code: status ?? -1 }, 'here')
}
const order: TrialOrder = {
  changeId: 'c4k2p9',
  bootId: 'b',
  kept: ['root=x', 'intel_iommu=on'],
  kernel: KERNEL,
  edits: [fileEdit('/etc/kernel/cmdline', 'root=x quiet\n', 'root=x intel_iommu=on\n')],
  work: { perform: [], takeBack: [], tidy: [], initramfs: null },
  trial: { kind: 'one-shot' },
  guardDeadline: 900,
}
const seen = () => run([act('tell_default_entry'), act('show_esps')])
const armed = (acts: ReturnType<typeof systemdBoot.arm>) => {
  if (isRefusal(acts)) throw new Error(acts.refused)
  // Guard and copies belong to every chain, and are tested there.
  return acts.filter(({ name }) => ['write_on_esps', 'oneshot_arm'].includes(name))
}

describe('the trial', () => {
  test('is an entry on every ESP and one order for the next boot; taken away, nothing of it is left', () => {
    run(armed(systemdBoot.arm(order, seen())))
    for (const esp of [ONE, TWO]) {
      expect(entries(esp)).toEqual(['lanekeeper-c4k2p9.conf', `proxmox-${KERNEL}.conf`])
      expect(entryWords(readFileSync(at(esp, 'loader/entries/lanekeeper-c4k2p9.conf'), 'utf8'))).toContain(
        'intel_iommu=on',
      )
    }
    expect(oneshot()).toBe('lanekeeper-c4k2p9.conf')
    const close = systemdBoot.takeBack(order, seen(), false)
    run([...close, ...close])
    expect([entries(ONE), entries(TWO)]).toEqual([[`proxmox-${KERNEL}.conf`], [`proxmox-${KERNEL}.conf`]])
    expect(oneshot()).toBe('')
  })

  test('leaves somebody else’s order alone', () => {
    run([act('oneshot_arm', 'memtest.conf'), act('oneshot_drop', 'lanekeeper-c4k2p9.conf')])
    expect(oneshot()).toBe('memtest.conf')
  })

  test('is none where bootctl does not do it', () => {
    writeFileSync(at('bin/bootctl'), '#!/bin/sh\nexit 0\n')
    expect(() => run([act('oneshot_arm', 'a.conf')])).toThrowError(/reads back as ''/)
  })

  test('is none where the entry cannot be written whole', () => {
    expect(() =>
      run([{ name: 'write_on_esps', args: ['/loader/entries/x.conf', sha256('other')], input: 'text' }]),
    ).toThrowError(/not what was sent/)
  })

  test.each<[string, () => void, RegExp]>([
    ['an ESP lacks the kernel', () => rmSync(at(TWO, `loader/entries/proxmox-${KERNEL}.conf`)), /no entry for kernel/],
    [
      'the ESPs differ',
      () => writeFileSync(at(TWO, `loader/entries/proxmox-${KERNEL}.conf`), `${ENTRY}# x\n`),
      /different entries/,
    ],
    [
      'a pattern would take the trial for the default',
      () => writeFileSync(at(ONE, 'loader/loader.conf'), 'default *\n'),
      /does not name one of Proxmox/,
    ],
    [
      'loader.conf names no default',
      () => writeFileSync(at(ONE, 'loader/loader.conf'), 'timeout 3\n'),
      /does not name one of Proxmox/,
    ],
    [
      'the firmware remembers another default',
      () =>
        writeFileSync(
          at('vars/LoaderEntryDefault-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f'),
          Buffer.concat([Buffer.from([7, 0, 0, 0]), Buffer.from('windows.conf\0', 'utf16le')]),
        ),
      /remembers \(LoaderEntryDefault\) does not name one of Proxmox/,
    ],
  ])('is not armed where %s', (_, spoil, why) => {
    spoil()
    expect(systemdBoot.arm(order, seen())).toMatchObject({ refused: expect.stringMatching(why) })
  })
})

describe('what is kept', () => {
  const refreshed = (options: string, esp: string) =>
    writeFileSync(at(esp, `loader/entries/proxmox-${KERNEL}.conf`), ENTRY.replace('root=x quiet', options))
  test('is read back from every ESP', () => {
    refreshed('root=x intel_iommu=on', ONE)
    expect(systemdBoot.unkept(order, seen())).toEqual([
      `the ESP ${TWO} holds quiet, which was not tried`,
      `the ESP ${TWO} lacks intel_iommu=on`,
    ])
    refreshed('root=x intel_iommu=on', TWO)
    expect(systemdBoot.unkept(order, seen())).toEqual([])
    writeFileSync(at(TWO, 'loader/loader.conf'), 'default proxmox-5.15.0-1-pve.conf\n')
    expect(systemdBoot.unkept(order, seen())).toHaveLength(1)
  })
  test('is not what boots where a newer kernel came in, and none is named', () => {
    for (const esp of [ONE, TWO]) refreshed('root=x intel_iommu=on', esp)
    writeFileSync(at(TWO, 'loader/entries/proxmox-6.8.12-14-pve.conf'), ENTRY)
    expect(systemdBoot.unkept(order, seen())).toEqual([
      `loader.conf on the ESP ${TWO} names proxmox-*, which is kernel 6.8.12-14-pve and not kernel ${KERNEL}`,
    ])
    writeFileSync(at(TWO, 'loader/loader.conf'), `default proxmox-${KERNEL}.conf\n`)
    expect(systemdBoot.unkept(order, seen())).toEqual([])
  })
  test('is nothing where no ESP could be read', () => {
    expect(systemdBoot.unkept(order, { files: new Map(), said: new Map(), left: [], gone: [] })).toEqual([
      'no ESP could be read back',
    ])
  })
})

describe('what a refresh would make the ESPs start', () => {
  const expected = act('expect_default_on_esps')
  const conf = (esp: string, text: string) => writeFileSync(at(esp, 'loader/loader.conf'), text)
  const pinned = (release: string) => writeFileSync(at('kernel/proxmox-boot-pin'), `${release}\n`)
  test('is what they start: no pin and the newest, or the pin', () => {
    run([expected])
    pinned(KERNEL)
    for (const esp of [ONE, TWO]) conf(esp, `timeout 3\ndefault proxmox-${KERNEL}.conf\n`)
    run([expected])
  })
  test('is another kernel, as the pin has not come to them, or is gone: nothing is refreshed or armed', () => {
    pinned(KERNEL)
    expect(() => run([expected])).toThrowError(/starts proxmox-\*, and a refresh would make that 6.8.12-4-pve/)
    rmSync(at('kernel/proxmox-boot-pin'))
    conf(TWO, `default proxmox-${KERNEL}.conf\n`)
    expect(() => run([expected])).toThrowError(new RegExp(`ESP ${TWO} starts proxmox-${KERNEL}.conf`))
    conf(TWO, 'timeout 3\n')
    expect(() => run([expected])).toThrowError(/starts no entry by name/)
  })
  test('is not what counts where GRUB is set up', () => {
    pinned(KERNEL)
    for (const esp of [ONE, TWO]) {
      mkdirSync(at(esp, 'EFI/proxmox'), { recursive: true })
      writeFileSync(at(esp, 'EFI/proxmox/grubx64.efi'), '')
    }
    run([expected])
  })
})

/** A disk of the mirror dies. */
const lose = (esp: string) => rmSync(at(esp), { recursive: true })
const saysGone = (esp: string) => `an ESP that proxmox-boot-tool keeps cannot be had: no ${esp}`

describe.each([ONE, TWO])('the ESP %s is gone', (dead) => {
  const lives = dead === ONE ? TWO : ONE
  test('it stands in the way of a trial, and of nothing that goes back', () => {
    const acts = armed(systemdBoot.arm(order, seen()))
    run(acts)
    const before = seen()
    lose(dead)
    expect(seen().gone).toEqual([`no ${dead}`])
    expect(() => run(acts)).toThrowError(new RegExp(`no ${dead}`))
    expect(systemdBoot.arm(order, seen())).toMatchObject({
      refused: saysGone(dead),
      hint: expect.stringContaining('proxmox-boot-tool clean'),
    })
    run(systemdBoot.takeBack(order, before, false))
    expect([entries(lives), oneshot()]).toEqual([[`proxmox-${KERNEL}.conf`], ''])
  })
  test('no change is kept, whatever the others hold', () => {
    writeFileSync(at(lives, `loader/entries/proxmox-${KERNEL}.conf`), ENTRY.replace('quiet', 'intel_iommu=on'))
    lose(dead)
    expect(systemdBoot.unkept(order, seen())).toEqual([saysGone(dead)])
  })
})

describe('GRUB on the ESPs', () => {
  const config = (words: string) => generateConfig(`GRUB_CMDLINE_LINUX_DEFAULT="${words}"\n`, [KERNEL], null, '/') ?? ''
  const ofGrub: TrialOrder = {
    ...order,
    kept: ['root=/dev/mapper/pve-root', 'ro', 'quiet', 'intel_iommu=on'],
    edits: [
      fileEdit(
        '/etc/default/grub',
        'GRUB_CMDLINE_LINUX_DEFAULT="quiet"\n',
        'GRUB_CMDLINE_LINUX_DEFAULT="quiet intel_iommu=on"\n',
      ),
    ],
    trial: { kind: 'flag', on: 'esp', uuid: ONE },
  }
  beforeEach(() => {
    for (const esp of [ONE, TWO]) {
      mkdirSync(at(esp, 'grub'))
      writeFileSync(at(esp, 'grub/grub.cfg'), config('quiet'))
    }
  })
  const custom = (esp: string) =>
    existsSync(at(esp, 'grub/custom.cfg')) ? readFileSync(at(esp, 'grub/custom.cfg'), 'utf8') : null
  const arm = () => {
    const acts = grubEsp.arm(ofGrub, seen())
    if (isRefusal(acts)) throw new Error(acts.refused)
    return acts
  }
  const onEsps = () => arm().filter(({ name }) => ['on_esp', 'flag_arm'].includes(name))

  test('each gets the trial behind the one flag; taken away, nothing of it is left', () => {
    run(onEsps())
    for (const esp of [ONE, TWO]) expect(custom(esp)).toMatch(/lanekeeper\.trial=c4k2p9/)
    expect(custom(TWO)).toContain(ONE)
    expect(existsSync(at(ONE, 'lanekeeper/grubenv'))).toBe(true)
    expect(existsSync(at(TWO, 'lanekeeper/grubenv'))).toBe(false)
    run(grubEsp.standDown(ofGrub, seen()))
    expect(run(grubEsp.standDown(ofGrub, seen())).left).toEqual([])
    expect([custom(ONE), custom(TWO), existsSync(at(ONE, 'lanekeeper'))]).toEqual([null, null, false])
  })

  test('what stood in custom.cfg stays, by the bot and by undo.sh; somebody else’s edit since is left alone', () => {
    writeFileSync(at(TWO, 'grub/custom.cfg'), '# theirs\n')
    run(onEsps())
    expect(custom(TWO)).toMatch(/^# theirs\n[\s\S]*lanekeeper\.trial/)
    const undo = arm().find(({ args }) => args[0]?.endsWith('/undo.sh'))?.input ?? ''
    // Without it a trial whose entry was left alone would start once more, and without its guard.
    expect(undo.indexOf('\nflag_drop ')).toBeGreaterThan(undo.indexOf(CALLS_BEGIN))
    const onlyEsps = undo.slice(
      undo.lastIndexOf('\non_esp_if', undo.lastIndexOf('\non_esp_if') - 1),
      undo.lastIndexOf('\nflag_drop'),
    )
    runText(onlyEsps)
    expect([custom(ONE), custom(TWO)]).toEqual([null, '# theirs\n'])
    run(onEsps())
    writeFileSync(at(ONE, 'grub/custom.cfg'), '# edited\n')
    expect(runText(onlyEsps).left).toHaveLength(1)
    expect(custom(ONE)).toBe('# edited\n')
  })

  test.each([ONE, TWO])('going back does not wait for the ESP %s, whose disk died', (dead) => {
    const acts = arm()
    run(onEsps())
    const before = seen()
    lose(dead)
    const undo = acts.find(({ args }) => args[0]?.endsWith('/undo.sh'))?.input ?? ''
    const lives = dead === ONE ? TWO : ONE
    expect(custom(lives)).toMatch(/lanekeeper\.trial=c4k2p9/)
    const disarm = undo.slice(undo.indexOf('\non_esp_if_there'), undo.lastIndexOf('\ncan_restore'))
    expect(new Set(runText(disarm).gone)).toEqual(new Set([`no ${dead}`]))
    expect([custom(lives), existsSync(at(ONE, 'lanekeeper'))]).toEqual([null, false])
    expect(grubEsp.arm(ofGrub, seen())).toMatchObject({ refused: saysGone(dead) })
    expect(grubEsp.unkept(ofGrub, seen())[0]).toBe(saysGone(dead))
    // Seen before the disk died; the guard stays where the flag may come back with it.
    const { gone } = run(grubEsp.standDown(ofGrub, before))
    expect(new Set(gone)).toEqual(new Set([`no ${dead}`]))
    expect(existsSync(at('systemd/lanekeeper-guard.service'))).toBe(dead === ONE)
  })

  test('a guard that cannot be removed is told of', () => {
    const unit = at('systemd/lanekeeper-guard.service')
    rmSync(unit)
    mkdirSync(unit)
    expect(run(grubEsp.standDown(ofGrub, seen())).left).toEqual([unit])
  })

  test('a closing that cannot be done keeps no node in its trial', () => {
    run(onEsps())
    const before = seen()
    writeFileSync(at(ONE, 'grub/custom.cfg'), '# edited meanwhile\n')
    expect(run(grubEsp.takeBack(ofGrub, before, false)).left).toHaveLength(1)
    expect(custom(TWO)).toBe(null)
    expect(() => run(grubEsp.standDown(ofGrub, before))).toThrow(/edited by somebody else/)
  })

  test('no trial where an ESP is not whole, or the flag’s ESP has no GRUB', () => {
    writeFileSync(at(TWO, 'grub/grub.cfg'), config('quiet').slice(0, 900))
    expect(grubEsp.arm(ofGrub, seen())).toMatchObject({ refused: expect.stringContaining('not whole') })
    rmSync(at(ONE, 'grub'), { recursive: true })
    expect(grubEsp.arm(ofGrub, seen())).toMatchObject({ refused: expect.stringContaining(ONE) })
  })

  test('is kept when every ESP boots what was tried', () => {
    writeFileSync(at(ONE, 'grub/grub.cfg'), config('quiet intel_iommu=on'))
    expect(grubEsp.unkept(ofGrub, seen())).toEqual([`${TWO}:/grub/grub.cfg lacks intel_iommu=on`])
    writeFileSync(at(TWO, 'grub/grub.cfg'), config('quiet intel_iommu=on'))
    expect(grubEsp.unkept(ofGrub, seen())).toEqual([])
    expect(grubEsp.unkept(ofGrub, { files: new Map(), said: new Map(), left: [], gone: [] })).toHaveLength(1)
  })
})
