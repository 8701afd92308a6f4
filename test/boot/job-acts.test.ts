import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Act, act, CALLS_BEGIN, compileActs, readAnswers } from '../../src/boot/act-script.ts'
import { beginOnEsps, refreshEspsAgain } from '../../src/boot/kept.ts'
import { tool } from '../tool.ts'

const UNPINNED = 'set default="0"\n### END /etc/grub.d/41_custom ###\n'
const SETTING = 'etc/default/grub.d/proxmox-kernel-pin.cfg'
/** As the real one: a pin is a file, then GRUB's setting and its grub.cfg; those of ESPs only come with a refresh. */
const BOOT_TOOL = String.raw`echo "$*" >>ROOT/called
pin=ROOT/etc/kernel/proxmox-boot-pin next=ROOT/etc/kernel/next-boot-pin config=ROOT/boot/grub/grub.cfg
case "$1 $2 $3 $4" in
  'kernel unpin  ') rm -f $pin $next ;;
  'kernel unpin --next-boot ') rm -f $next ;;
  'kernel pin '*' --next-boot') echo "$3" >$next ;;
  'kernel pin '*) echo "$3" >$pin ;;
esac
if [ -e ROOT/etc/kernel/proxmox-boot-uuids ]; then
  [ "$1" = refresh ] || exit 0
  config=ROOT/ESP-1/grub/grub.cfg
fi
release=$(cat $next $pin 2>/dev/null | head -n 1)
entry=0
rm -f ROOT/SETTING
if [ -n "$release" ]; then
  entry="gnulinux-advanced-x>gnulinux-$release-advanced-x"
  echo "GRUB_DEFAULT=\"$entry\"" >ROOT/SETTING
fi
[ ! -d "$(dirname $config)" ] || printf 'set default="%s"\n### END /etc/grub.d/41_custom ###\n' "$entry" >$config`.replaceAll(
  'SETTING',
  SETTING,
)
let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lanekeeper-jobs-'))
  for (const folder of ['etc/pve/qemu-server', 'etc/kernel', 'etc/default/grub.d', 'boot/grub', 'bin'])
    mkdirSync(join(root, folder), { recursive: true })
  // Stand-ins that do what Proxmox's programs do to the files that count.
  program(
    'qm',
    `sed -i '/^onboot:/d' ${root}/etc/pve/qemu-server/$2.conf; echo "onboot: $4" >>${root}/etc/pve/qemu-server/$2.conf`,
  )
  writeFileSync(join(root, 'boot/grub/grub.cfg'), UNPINNED)
  program('proxmox-boot-tool', BOOT_TOOL.replaceAll('ROOT', root))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const program = (name: string, body: string) => {
  writeFileSync(join(root, 'bin', name), `#!/bin/sh\n${body}\n`)
  chmodSync(join(root, 'bin', name), 0o755)
}
const file = (path: string, text?: string) => {
  if (text !== undefined) writeFileSync(join(root, path), text)
  return existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : null
}
/** The acts, with the places they work on moved under `root`. */
const run = (...acts: Act[]) => {
  const script = compileActs(acts)
    .replace('PATH="', `PATH="${root}/bin:`)
    .replaceAll('/etc/pve/', `${root}/etc/pve/`)
    .replaceAll('/etc/kernel/', `${root}/etc/kernel/`)
    .replaceAll(`/${SETTING}`, `${root}/${SETTING}`)
    .replaceAll('/boot/grub/grub.cfg', `${root}/boot/grub/grub.cfg`)
    .replaceAll('/etc/default/grub ', `${root}/etc/default/grub.txt `)
    .replaceAll('/etc/default/grub.d/*.cfg', `${root}/etc/default/grub.d/*.cfg`)
    .replaceAll('-d /sys/firmware/efi ', '-d /nothing ')
    .replaceAll('grub-editenv - ', `grub-editenv ${root}/boot/grub/grubenv `)
    .replaceAll('/boot/vmlinuz-', `${root}/boot/vmlinuz-`)
    .replaceAll('/boot/initrd.img-', `${root}/boot/initrd.img-`)
    .replaceAll('/etc/initramfs-tools ', `${root}/etc/initramfs-tools `)
    .replaceAll('/boot/grub/grubenv\n', `${root}/boot/grub/grubenv\n`)
    // Mounting is what the lab is for.
    .replace(`\n${CALLS_BEGIN}\n`, `\ntry_fs() { at=${root}/$1 own=no why="no $1"; [ -d "$at" ]; }\n${CALLS_BEGIN}\n`)
  const { stdout, stderr, status } = spawnSync('dash', [], { input: script })
  return readAnswers({ stdout, stderr: stderr.toString(), code: status ?? -1 }, 'here')
}
const changed = expect.objectContaining({ why: 'changed' })

describe('onboot of a guest', () => {
  const conf = 'etc/pve/qemu-server/101.conf'
  test('is set where it is as expected, may be set again, and is no line of a snapshot', () => {
    file(conf, 'name: x\nonboot: 1\n[before]\nonboot: 1\n')
    run(act('expect_onboot', '101', '1'), act('set_onboot', '101', '1', '0'), act('set_onboot', '101', '1', '0'))
    file(conf, 'name: x\n[before]\nonboot: 1\n')
    run(act('expect_onboot', '101', '0'))
    expect(() => run(act('expect_onboot', '101', '1'))).toThrowError(changed)
  })
  test('is left alone where the guest is gone, and what fails is said', () => {
    expect(() => run(act('set_onboot', '102', '1', '0'))).toThrowError(changed)
    file(conf, 'onboot: 1\n')
    program('qm', 'echo "VM is locked (backup)" >&2; exit 1')
    expect(() => run(act('set_onboot', '101', '1', '0'))).toThrowError(/VM is locked/)
    expect(file(conf)).toBe('onboot: 1\n')
  })
})

describe('the pin of a kernel', () => {
  test('goes from one to another and back to none, each compared and read back', () => {
    run(act('expect_pin', ''), act('set_pin', '', 'a'), act('set_pin', '', 'a'))
    expect(file('etc/kernel/proxmox-boot-pin')).toBe('a\n')
    expect(() => run(act('set_pin', 'b', 'c'))).toThrowError(changed)
    run(act('set_pin', 'a', ''), act('set_pin', 'a', ''))
    expect(file('etc/kernel/proxmox-boot-pin')).toBeNull()
    expect(file('called')).toBe('kernel pin a\nkernel unpin\n')
  })
  test('goes, and somebody’s pin for the next boot stays', () => {
    file('etc/kernel/next-boot-pin', 'b\n')
    run(act('set_pin', '', 'a'), act('set_pin', 'a', ''))
    expect([file('etc/kernel/proxmox-boot-pin'), file('etc/kernel/next-boot-pin')]).toEqual([null, 'b\n'])
  })
  test('is followed by a refresh where ESPs are kept', () => {
    file('etc/kernel/proxmox-boot-uuids', '7B1A-22C1\n')
    run(act('set_pin', '', 'a'))
    expect(file('called')).toBe('kernel pin a\nrefresh\n')
  })
  describe.each([
    ['to GRUB’s setting', '', 'kernel pin a\n', 'kernel unpin\n'],
    ['to the ESPs', 'ESP-1\n', 'kernel pin a\nrefresh\n', 'kernel unpin\nrefresh\n'],
  ])('that was cut off before it came %s', (_, uuids, pins, unpins) => {
    const called = () => {
      const all = file('called') ?? ''
      rmSync(join(root, 'called'), { force: true })
      return all
    }
    beforeEach(() => {
      mkdirSync(join(root, 'ESP-1/grub'), { recursive: true })
      file('ESP-1/grub/grub.cfg', UNPINNED)
      if (uuids !== '') file('etc/kernel/proxmox-boot-uuids', uuids)
    })
    test('is set again; where it stands everywhere, nothing is called', () => {
      file('etc/kernel/proxmox-boot-pin', 'a\n')
      run(act('set_pin', '', 'a'))
      expect(called()).toBe(pins)
      run(act('set_pin', '', 'a'), act('expect_default_on_esps'))
      expect(called()).toBe('')
      rmSync(join(root, 'etc/kernel/proxmox-boot-pin'))
      if (uuids !== '')
        expect(() => run(act('expect_default_on_esps'))).toThrowError(/a refresh would make that the newest/)
      run(act('set_pin', 'a', ''))
      expect(called()).toBe(unpins)
      run(act('set_pin', 'a', ''), act('expect_default_on_esps'))
      expect(called()).toBe('')
    })
    test('and was never set: going back calls nothing, whatever the disk takes', () => {
      program('proxmox-boot-tool', 'echo "Read-only file system" >&2; exit 1')
      run(act('set_pin', 'a', ''), act('unpin_next', 'a'))
    })
    test('for the next boot is so too', () => {
      file('etc/kernel/next-boot-pin', 'a\n')
      run(act('pin_next', 'a'))
      expect(called()).toBe(pins.replace('pin a', 'pin a --next-boot'))
      run(act('pin_next', 'a'), act('expect_default_on_esps'))
      expect(called()).toBe('')
      rmSync(join(root, 'etc/kernel/next-boot-pin'))
      run(act('unpin_next', 'a'))
      expect(called()).toBe(unpins.replace('unpin', 'unpin --next-boot'))
      run(act('unpin_next', 'a'), act('expect_default_on_esps'))
      expect(called()).toBe('')
    })
    test('leaves half a grub.cfg, or one of before: the tool is called again', () => {
      const config = uuids === '' ? 'boot/grub/grub.cfg' : 'ESP-1/grub/grub.cfg'
      for (const broken of [
        'set default="0"\n',
        UNPINNED.replace('"0"', '"gnulinux-advanced-x>gnulinux-b-advanced-x"'),
      ]) {
        file(config, broken)
        run(act('set_pin', 'a', ''))
        expect(called()).toBe(unpins)
      }
      // As an operator has set it, who needs no pin for it.
      file(config, UNPINNED.replace('"0"', '"gnulinux-advanced-x>gnulinux-b-advanced-x"'))
      file('etc/default/grub.txt', 'GRUB_DEFAULT="gnulinux-advanced-x>gnulinux-b-advanced-x"\n')
      run(act('set_pin', 'a', ''))
      expect(called()).toBe('')
    })
  })
  test('a tool that says yes and does nothing is no success', () => {
    program('proxmox-boot-tool', 'true')
    expect(() => run(act('set_pin', '', 'a'))).toThrowError(/does not read back/)
  })
  test('for the next boot goes, and comes back', () => {
    file('etc/kernel/next-boot-pin', 'a\n')
    expect(() => run(act('unpin_next', 'b'))).toThrowError(changed)
    run(act('expect_next_pin', 'a'), act('unpin_next', 'a'), act('unpin_next', 'a'))
    expect(file('etc/kernel/next-boot-pin')).toBeNull()
    run(act('pin_next', 'a'), act('pin_next', 'a'))
    expect(file('etc/kernel/next-boot-pin')).toBe('a\n')
  })
})

describe('a refresh that reports success', () => {
  const refreshSays = (words: string) => {
    program('proxmox-boot-tool', `cat <<'END' >&2\n${words}\nEND`)
    return run(act('refresh_esps')).gone
  }
  test.each([
    [
      "WARN: /dev/disk/by-uuid/7B1A-22C1 does not exist - clean '/etc/kernel/proxmox-boot-uuids'! - skipping",
      'no file system with the UUID 7B1A-22C1',
    ],
    ['mount of /dev/disk/by-uuid/7B1A-22C1 failed - skipping', 'the file system 7B1A-22C1 cannot be mounted'],
    [
      'creation of mountpoint /var/tmp/espmounts/7B1A-22C1 failed - skipping',
      'the file system 7B1A-22C1 cannot be mounted',
    ],
    [
      '/dev/disk/by-uuid/7B1A-22C1 contains no loader.conf - skipping',
      'proxmox-boot-tool passes over 7B1A-22C1: 7B1A-22C1 contains no loader.conf',
    ],
    [
      '/dev/disk/by-uuid/7B1A-22C1/EFI/proxmox does not exist- skipping',
      'proxmox-boot-tool passes over 7B1A-22C1: 7B1A-22C1/EFI/proxmox does not exist',
    ],
  ])('and says "%s": that ESP was not written', (words, gone) => {
    expect(refreshSays(words)).toEqual([gone])
  })
  test('and says nothing of an ESP: all of them were', () => {
    expect(
      refreshSays(`Running hook script 'zz-proxmox-boot'..
Copying and configuring kernels on /dev/disk/by-uuid/7B1A-22C1
No linux-image /boot/vmlinuz-6.5.13-5-pve found - skipping
	Removing old version 6.5.13-5-pve`),
    ).toEqual([])
  })
  test.each([
    "Hook script 'zz-proxmox-boot' not found or not executable, skipping.",
    'umount of /dev/disk/by-uuid/7B1A-22C1 failed - failure',
  ])('and says "%s": it failed all the same', (words) => {
    expect(() => refreshSays(words)).toThrowError(/wrote not every ESP: /)
  })
})

describe('the way back of what ESPs hold', () => {
  /** The acts write below the root of this test. */
  const here = ({ args: [path = '', ...args], ...rest }: Act): Act => ({ ...rest, args: [join(root, path), ...args] })
  const [begin, refresh] = [beginOnEsps('c1'), refreshEspsAgain('c1')]
  test('is a refresh where the change had begun to write, as often as it is asked for', () => {
    run(here(begin), here(begin))
    run(here(refresh), here(refresh))
    expect(file('called')).toBe('refresh\nrefresh\n')
  })
  test('is nothing where nothing had been written, and needs no tool', () => {
    program('proxmox-boot-tool', 'echo "No space left on device" >&2; exit 1')
    run(here(refresh))
    file('var', 'in the way')
    expect(() => run(here(begin))).toThrowError(/no space, or read-only/)
    run(here(refresh))
  })
})

describe('a kernel package that an operator gave', () => {
  const name = 'pve-kernel-5.15.0-1-pve-lab'
  const release = '5.15.0-1-pve-lab'
  const admin = () => join(root, 'dpkg')
  /** A real package in a dpkg world of its own; apt stands in for the simulation, which needs root's lists. */
  const build = () => {
    const work = join(root, 'work')
    mkdirSync(join(work, 'DEBIAN'), { recursive: true })
    mkdirSync(join(work, 'boot'), { recursive: true })
    writeFileSync(join(work, 'boot', `vmlinuz-${release}`), 'image')
    const control = `Package: ${name}\nVersion: 1\nArchitecture: all\nMaintainer: lab <lab@localhost>\nDescription: x\n`
    writeFileSync(join(work, 'DEBIAN/control'), control)
    spawnSync('dpkg-deb', ['--build', work, join(root, 'k.deb')])
    mkdirSync(join(admin(), 'updates'), { recursive: true })
    writeFileSync(join(admin(), 'status'), '')
    mkdirSync(join(admin(), 'info'), { recursive: true })
    program('dpkg', `exec /usr/bin/dpkg --force-not-root --root=${root} --admindir=${admin()} "$@"`)
    program('dpkg-query', `exec /usr/bin/dpkg-query --admindir=${admin()} "$@"`)
    program('apt-get', `echo 'Inst ${name} (1)'`)
    return createHash('sha256')
      .update(readFileSync(join(root, 'k.deb')))
      .digest('hex')
  }
  const moved = (...acts: Act[]) => run(...acts)
  const deb = () => join(root, 'k.deb')

  test('is installed by dpkg itself, once, and removed', () => {
    const sum = build()
    moved(act('install_package', deb(), sum, name, release), act('install_package', deb(), sum, name, release))
    expect(file(`boot/vmlinuz-${release}`)).toBe('image')
    moved(act('remove_package', name, release), act('remove_package', name, release))
    expect(file(`boot/vmlinuz-${release}`)).toBeNull()
  })
  test('is added to what the ESPs keep, and taken off it again', () => {
    const sum = build()
    file('etc/kernel/proxmox-boot-uuids', '7B1A-22C1\n')
    moved(act('install_package', deb(), sum, name, release))
    moved(act('remove_package', name, release))
    expect(file('called')).toBe(`kernel add ${release}\nrefresh\nkernel remove ${release}\nrefresh\n`)
  })
  test('is not the one that was approved: nothing is installed', () => {
    build()
    expect(() => moved(act('install_package', deb(), 'c'.repeat(64), name, release))).toThrowError(changed)
    expect(file(`boot/vmlinuz-${release}`)).toBeNull()
  })
  test.each([
    "echo 'Inst x (1)'; echo 'Inst y (1)'",
    `echo 'Inst ${name} (1)'; echo 'Remv pve-kernel-5.15 [1]'`,
    'exit 100',
  ])('would bring or take more than itself: nothing is installed (%s)', (says) => {
    const sum = build()
    program('apt-get', says)
    expect(() => moved(act('install_package', deb(), sum, name, release))).toThrowError(
      expect.objectContaining({ why: 'tool' }),
    )
    expect(file(`boot/vmlinuz-${release}`)).toBeNull()
  })
})

describe('an initramfs', () => {
  const release = '6.8.12-4-pve'
  const image = `boot/initrd.img-${release}`
  const kept = () => join(root, 'kept')
  const tried = () => join(root, 'boot/lanekeeper-c4k2p9.img')
  const build = () =>
    act('build_initramfs', release, join(kept(), 'initramfs-tools'), tried(), 'scripts/init-top/ours', '')
  const renew = () => act('renew_initramfs', release, kept(), tried(), 'scripts/init-top/ours', '')
  const giveBack = () => act('give_back_initramfs', release, kept())
  /** Stand-ins whose image is the list of the files it was built from. */
  beforeEach(() => {
    const list = `(cd "$from" && find . -type f | sed 's,^[.]/,,' | sort)`
    mkdirSync(join(root, 'etc/initramfs-tools/scripts/init-top'), { recursive: true })
    file('etc/initramfs-tools/modules', 'x\n')
    program('mkinitramfs', `from=$2; ${list} >$4`)
    program('update-initramfs', `from=${root}/etc/initramfs-tools; ${list} >${root}/boot/initrd.img-$3`)
    program('lsinitramfs', 'cat "$1"')
    file(image, 'modules\n')
  })
  const stage = () => {
    mkdirSync(kept(), { recursive: true })
    run(act('stage_initramfs', join(kept(), 'initramfs-tools')))
    writeFileSync(join(kept(), 'initramfs-tools/scripts/init-top/ours'), 'script')
  }

  test('is built beside the one that boots, from staged files; kept, it lists the same; given back, it has its old bytes', () => {
    stage()
    run(build(), build())
    expect(file(image)).toBe('modules\n')
    expect(file('boot/lanekeeper-c4k2p9.img')).toBe('modules\nscripts/init-top/ours\n')
    file('etc/initramfs-tools/scripts/init-top/ours', 'script')
    run(renew(), renew())
    expect(file(image)).toBe('modules\nscripts/init-top/ours\n')
    run(giveBack(), giveBack())
    expect(file(image)).toBe('modules\n')
  })
  test('that lacks what it was built for is none', () => {
    mkdirSync(kept(), { recursive: true })
    run(act('stage_initramfs', join(kept(), 'initramfs-tools')))
    expect(() => run(build())).toThrowError(/does not hold scripts\/init-top\/ours/)
  })
  test('that differs from the one that was tried is not kept as it is', () => {
    stage()
    run(build())
    file('etc/initramfs-tools/scripts/init-top/ours', 'script')
    file('etc/initramfs-tools/scripts/init-top/theirs', 'script')
    expect(() => run(renew())).toThrowError(/does not list the same files/)
    rmSync(join(root, 'etc/initramfs-tools/scripts/init-top/ours'))
    run(giveBack())
    expect(file(image)).toBe('modules\nscripts/init-top/theirs\n')
  })
  test('finds no room: nothing is built', () => {
    stage()
    program('df', "echo x; echo 'd 1 1 100 1% /boot'")
    expect(() => run(build())).toThrowError(/has 100 KiB free/)
    expect(file('boot/lanekeeper-c4k2p9.img')).toBeNull()
  })
  test('that cannot be built says why, and nothing was renewed', () => {
    stage()
    run(build())
    program('update-initramfs', 'echo E: no space left; exit 1')
    expect(() => run(renew())).toThrowError(/no space left/)
    run(giveBack())
    expect(file(image)).toBe('modules\n')
  })
})

test.skipIf(!tool('grub-editenv', 'grub-common'))(
  "a variable of GRUB's environment is compared, written and read back",
  () => {
    spawnSync('grub-editenv', [join(root, 'boot/grub/grubenv'), 'create'])
    run(act('expect_grub_env', 'next_entry', ''), act('grub_env', 'next_entry', '', '1>2'))
    run(act('grub_env', 'next_entry', '', '1>2'))
    expect(() => run(act('grub_env', 'next_entry', '0', ''))).toThrowError(changed)
    run(act('grub_env', 'next_entry', '1>2', ''), act('expect_grub_env', 'next_entry', ''))
  },
)
