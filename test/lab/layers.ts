import { copyFile, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { boot, type LabNode } from './boot.ts'
import { cached, hashOf, type Log, labFolder } from './cache.ts'
import { firmwareReserved, withReservedRegion } from './dmar.ts'
import { type Image, imageIn } from './image.ts'
import type { Firmware } from './qemu.ts'
import { run } from './run.ts'

/** What is prepared inside a node before a journey sees it. */
export interface Variant {
  firmware: Firmware
  /** The firmware reserves memory for the spare NIC (RMRR). */
  rmrr: boolean
  /** Pins a kernel as Proxmox does; without, GRUB takes the one it sorts first (the one that knows relax_rmrr). */
  defaultKernel?: 'debian' | 'relax'
  /** Words after `quiet` in GRUB_CMDLINE_LINUX_DEFAULT. */
  cmdline?: string
}

/** The image of a variant: the base itself, or the base with a layer of what the variant wants. */
export async function layered(base: Image, variant: Variant, log: Log): Promise<Image> {
  const { firmware, rmrr, defaultKernel, cmdline } = variant
  if (!rmrr && !defaultKernel && !cmdline) return base
  const name = [rmrr ? 'RMRR' : '', defaultKernel, cmdline].filter(Boolean).join(', ')
  const prepare = async (node: LabNode) => {
    if (rmrr) await reserve(node)
    await succeed(node, configure(defaultKernel, cmdline))
  }
  // Only the reserved region depends on the firmware, by its map of the memory.
  return layer(base, rmrr ? firmware : 'bios', name, prepare, log)
}

const spareSlot = 4

/**
 * Adds an RMRR for the spare NIC to the DMAR table this machine has, and has every initrd carry the new table: put in front
 * of those that exist, which takes no time, and by an initramfs hook of every later one.
 */
async function reserve(node: LabNode): Promise<void> {
  const table = Buffer.from(await succeed(node, 'base64 /sys/firmware/acpi/tables/DMAR'), 'base64')
  const map = await succeed(node, 'for at in /sys/firmware/memmap/*; do echo $(cat $at/start $at/end $at/type); done')
  const grown = withReservedRegion(table, firmwareReserved(map), spareSlot).toString('base64')
  await succeed(
    node,
    `set -e
    mkdir -p /etc/lab /tmp/table/kernel/firmware/acpi
    cd /tmp/table
    echo ${grown} | base64 -d >kernel/firmware/acpi/dmar.aml
    find kernel | cpio -o -H newc >/etc/lab/dmar.cpio
    for initrd in /boot/initrd.img-*; do
      cat /etc/lab/dmar.cpio $initrd >/tmp/initrd
      mv /tmp/initrd $initrd
    done`,
  )
}

const configure = (kernel: Variant['defaultKernel'], cmdline: string | undefined) =>
  ['set -e', ...(cmdline ? setWords(cmdline) : []), ...(kernel ? [pin(kernel)] : [])].join('\n')

// The words are put where update-grub would put them, without its half minute; a journey that undoes a change runs it, and
// has to come to the same bytes.
const setWords = (words: string) => [
  `sed -i 's|^GRUB_CMDLINE_LINUX_DEFAULT=.*|GRUB_CMDLINE_LINUX_DEFAULT="quiet ${words}"|' /etc/default/grub`,
  `sed -i 's|^\\(\\s*linux\\s.* quiet\\)$|\\1 ${words}|' /boot/grub/grub.cfg`,
]

const pin = (kernel: 'debian' | 'relax') =>
  `proxmox-boot-tool kernel pin $(ls /boot | sed -n 's/^vmlinuz-//p' | grep -e '${kernel === 'debian' ? '-amd64$' : 'relaxablermrr$'}')`

// Quicker than a shutdown. The journal goes with it, so that the first boot a journey sees is the first there is.
const close = `systemctl stop 'systemd-journald*.socket' systemd-journald
  rm -rf /var/log/journal/*
  sync
  echo u >/proc/sysrq-trigger
  sleep 1
  grep -q 'pve-root / .*ro,' /proc/mounts`

/** An image over another one, made once by booting it, working on it, and shutting it down. */
async function layer(
  below: Image,
  firmware: Firmware,
  name: string,
  work: (node: LabNode) => Promise<unknown>,
  log: Log,
) {
  const recipe = await Promise.all(['layers.ts', 'dmar.ts'].map((file) => readFile(join(labFolder, file))))
  const folder = await cached(`layer-${hashOf(basename(below.folder), firmware, name, ...recipe)}`, async (made) => {
    log(`preparing the node: ${name}`)
    for (const file of ['id', 'host.pub']) await copyFile(join(below.folder, file), join(made, file))
    const backing = join('..', basename(below.folder), 'disk.qcow2')
    await run('qemu-img', ['create', '-q', '-f', 'qcow2', '-F', 'qcow2', '-b', backing, join(made, 'disk.qcow2')])
    const node = await boot(await imageIn(made), { firmware, vendor: 'intel' }, log)
    try {
      await work(node)
      await succeed(node, close)
    } finally {
      await node.stop()
    }
  })
  return imageIn(folder)
}

async function succeed(node: LabNode, command: string): Promise<string> {
  const { stdout, stderr, code } = await node.exec(command)
  if (code !== 0) throw new Error(`on the node, ended with ${code}: ${command}\n${stderr}`)
  return stdout
}
