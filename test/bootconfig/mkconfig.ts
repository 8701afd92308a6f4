import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { GrubFile } from '../../src/bootconfig/grub-defaults.ts'

/** Answers as on a node whose root is a logical volume. */
const PROBE = `#!/bin/sh
case "$*" in
  *target=device*) echo /dev/mapper/pve-root ;;
  *target=fs_uuid*) echo 8a1b2c3d-1111-2222-3333-444455556666 ;;
  *target=partuuid*) exit 1 ;;
  *target=fs*) echo ext2 ;;
  *abstraction*) echo lvm ;;
  *partmap*) echo gpt ;;
  *) echo lvmid/x ;;
esac
`

/** What the real grub-mkconfig makes of these files, with two kernels. Its scripts are copied and their paths moved to a folder. */
export function makeGrubConfig(files: readonly GrubFile[], kernels = ['6.8.12-4-pve', '6.8.12-2-pve']): string {
  const home = mkdtempSync(join(tmpdir(), 'lanekeeper-mkconfig-'))
  try {
    const moved = (from: string, to: string, edit: (text: string) => string) => {
      writeFileSync(join(home, to), edit(readFileSync(from, 'utf8')))
      chmodSync(join(home, to), 0o755)
    }
    for (const folder of ['etc/default/grub.d', 'etc/grub.d', 'boot/grub', 'sbin'])
      mkdirSync(join(home, folder), { recursive: true })
    cpSync('/usr/share/grub', join(home, 'share'), { recursive: true })
    moved('/usr/share/grub/grub-mkconfig_lib', 'share/grub-mkconfig_lib', (text) =>
      text.replace(/^sbindir=.*$/m, `sbindir="${home}/sbin"`),
    )
    moved('/usr/sbin/grub-mkconfig', 'grub-mkconfig', (text) =>
      text
        .replace(/^sysconfdir=.*$/m, `sysconfdir="${home}/etc"`)
        .replace(/^sbindir=.*$/m, `sbindir="${home}/sbin"`)
        .replace('"$EUID" != 0', '0 != 0'),
    )
    for (const name of readdirSync('/etc/grub.d')) {
      if (/^(00|10|41)_/.test(name))
        moved(`/etc/grub.d/${name}`, `etc/grub.d/${name}`, (text) => text.replaceAll('/boot/', `${home}/boot/`))
    }
    writeFileSync(join(home, 'sbin/grub-probe'), PROBE, { mode: 0o755 })
    for (const kernel of kernels) {
      for (const image of [`vmlinuz-${kernel}`, `initrd.img-${kernel}`]) writeFileSync(join(home, 'boot', image), 'x')
    }
    for (const { path, text } of files) writeFileSync(join(home, path), text)
    const to = join(home, 'boot/grub/grub.cfg')
    execFileSync(join(home, 'grub-mkconfig'), ['-o', to], {
      env: { PATH: process.env.PATH, pkgdatadir: join(home, 'share') },
      stdio: 'pipe',
    })
    return readFileSync(to, 'utf8').replaceAll(home, '')
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}
