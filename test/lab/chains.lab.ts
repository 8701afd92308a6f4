import { describe, expect, test } from 'vitest'
import { shows } from '../journeys/room.ts'
import type { Bot } from './bot.ts'
import type { LabNode } from './node.ts'
import {
  approved,
  boots,
  bootsForGood,
  ending,
  impatient,
  lab,
  line,
  prepared,
  survivesEveryFault,
  undoneByHand,
} from './on-node.ts'

const begin = 'set -e; uuid=$(blkid -s UUID -o value /dev/vda2); mount /dev/vda2 /mnt'
const end = `umount /mnt
  echo "$uuid" >/etc/kernel/proxmox-boot-uuids
  proxmox-boot-tool refresh`

/** From GRUB on LVM, which a lab node is, to an ESP that `proxmox-boot-tool` keeps, as its `init` would set it up. */
const toSystemdBoot = `${begin}
  mkdir -p /mnt/EFI/systemd
  for file in EFI/systemd/systemd-bootx64.efi EFI/BOOT/BOOTX64.EFI; do cp /usr/lib/systemd/boot/efi/systemd-bootx64.efi /mnt/$file; done
  sed 's/^BOOT_IMAGE=[^ ]* //' /proc/cmdline >/etc/kernel/cmdline
  ${end}`
/** A second ESP, as of a mirror's other disk, which is there from early in the boot; once /dies is there, it dies in the next trial. */
const mirrored = `${toSystemdBoot}
  truncate -s "$(blockdev --getsize64 /dev/vda2)" /mirror.img
  cat >/etc/systemd/system/mirror.service <<'END'
[Unit]
DefaultDependencies=no
After=systemd-udevd.service local-fs.target
Before=ssh.service
[Service]
Type=oneshot
ExecStart=/bin/sh -c 'if [ -e /dies ] && grep -q lanekeeper.trial /proc/cmdline; then mv /mirror.img /dead.img; fi; [ ! -e /mirror.img ] || losetup -f /mirror.img; udevadm settle'
[Install]
WantedBy=multi-user.target
END
  mkfs.vfat /mirror.img
  systemctl daemon-reload; systemctl enable --now mirror.service
  blkid -s UUID -o value /mirror.img >>/etc/kernel/proxmox-boot-uuids
  mount /mirror.img /mnt; mkdir -p /mnt/EFI/systemd; umount /mnt
  proxmox-boot-tool refresh`
const toGrubOnEsp = `${begin}
  mkdir -p /mnt/grub
  grub-install --target=i386-pc --boot-directory=/mnt /dev/vda
  ${end}`

/** The root copied to a partition of its own, and no ESP any more: Debian as its installer leaves it with a BIOS, Proxmox on top. */
const toRootOnExt4 = `set -e; wipefs -qa /dev/vda2; sgdisk -t 2:8300 -n 4:0:0 -t 4:8300 /dev/vda; partx -u /dev/vda; udevadm trigger --settle /dev/vda2 /dev/vda4
  mkfs.ext4 -qF /dev/vda4; mkdir /new; mount /dev/vda4 /new; cp -ax /. /new; rmdir /new/new
  echo "UUID=$(blkid -s UUID -o value /dev/vda4) / ext4 defaults 0 1" >/new/etc/fstab
  for folder in dev proc sys run; do mount --rbind /$folder /new/$folder; done
  chroot /new grub-install --target=i386-pc /dev/vda; chroot /new update-grub; sync; umount -R /new || umount -Rl /new`

/** The sums of what boots, in the root, on the second partition and on the mirror of it, and whether an order for the next boot is left. */
const whatBoots = async (node: LabNode) =>
  (
    await node.exec(
      `for part in /dev/vda2 $(losetup -nO NAME -j /mirror.img); do
         mount $part /mnt; cd /mnt; find loader grub lanekeeper -name '*.conf' -o -name '*.cfg' -o -name grubenv | sort | xargs sha256sum
         cd /; umount /mnt
       done; ls /sys/firmware/efi/efivars | grep OneShot
       sha256sum /etc/kernel/cmdline /etc/default/grub /boot/grub/*.cfg /boot/grub/grubenv; ls /etc/lanekeeper /lanekeeper /etc/systemd/system/lanekeeper*`,
    )
  ).stdout

const off = { cmdline: 'intel_iommu=off' }
const byFlag = /one-time flag on the EFI partition/

/** A disk of the mirror dies at the trial's reboot: nothing is kept, and the ESP that lives has the bytes it had. */
async function losesItsMirror(node: LabNode, bot: Bot, name: string): Promise<void> {
  const before = await whatBoots(node)
  await prepared(node, 'touch /dies')
  const { change } = await approved(bot)
  const card = await ending(bot, node, change, { node: name, situation: 'ESP of the mirror lost' })
  expect(card.title).toContain('undone')
  expect(card.text).toMatch(/an ESP that proxmox-boot-tool keeps cannot be had: no file system with the UUID/)
  expect(await line(node)).not.toContain('lanekeeper.trial')
  const sums = (text: string) => new Set(text.split('\n'))
  expect(sums(await whatBoots(node))).toEqual(sums(before))
  // The disk is replaced, and what boots is on both again.
  await prepared(
    node,
    `set -e; rm /dies; mount /dead.img /mnt; rm -f /mnt/loader/entries/lanekeeper*; umount /mnt; mv /dead.img /mirror.img
     systemctl restart mirror.service; proxmox-boot-tool refresh`,
  )
  expect(await whatBoots(node)).toBe(before)
}

// GRUB on LVM with a BIOS: journeys.lab.ts.
describe.each([
  {
    name: 'GRUB on LVM, UEFI',
    options: { ...off, firmware: 'uefi' as const },
    // The image was made with a BIOS: its grub.cfg has no entry for the firmware's settings.
    prepare: 'update-grub',
    booted: /^BOOT_IMAGE=\/boot\//,
    tried: byFlag,
  },
  // In this emulator no device's interrupts arrive while the IOMMU of AMD translates, so it runs with iommu=pt.
  {
    name: 'GRUB on LVM, BIOS, AMD',
    options: { vendor: 'amd' as const, cmdline: 'iommu=pt amd_iommu=off' },
    prepare: '',
    booted: /^BOOT_IMAGE=\/boot\//,
    tried: byFlag,
  },
  {
    name: 'GRUB, BIOS, root on ext4',
    options: off,
    prepare: toRootOnExt4,
    booted: /^BOOT_IMAGE=\/boot\/vmlinuz.* root=UUID=/,
    tried: /one-time flag on \/boot/,
  },
  {
    name: 'GRUB on the ESP, BIOS',
    options: off,
    prepare: toGrubOnEsp,
    booted: /^BOOT_IMAGE=\/vmlinuz/,
    tried: byFlag,
  },
  {
    name: 'systemd-boot, UEFI, two ESPs',
    options: { ...off, firmware: 'uefi' as const },
    prepare: mirrored,
    booted: /^initrd=\\EFI\\proxmox/,
    tried: /systemd-boot deletes the order/,
  },
])('$name', ({ name, options, prepare, booted, tried }) => {
  test('a hang, a panic and a lost network leave nothing behind; (e) the good trial is kept by a bot that was killed meanwhile, and given back by undo.sh to the byte', async (context) => {
    const { node, bot } = await lab(context, options, impatient, prepare)
    expect(await line(node)).toMatch(booted)
    const before = await whatBoots(node)
    await survivesEveryFault({ node, bot }, name, () => whatBoots(node))
    if (prepare === mirrored) await losesItsMirror(node, bot, name)

    const bootsBefore = await boots(node)
    const { message, change, text } = await approved(bot)
    expect(text).toMatch(tried)
    await bot.room.until('rebooting', shows('rebooting', change), 200)
    await bot.room.kill()
    bot.again()
    const card = await ending(bot, node, change, { node: name, situation: 'bot killed, good trial' })
    expect(card.text).toContain('kept')
    expect(bot.room.events.filter((event) => event.card === card).map((event) => event.message)).toEqual([message])
    expect(await line(node)).toContain(`lanekeeper.trial=${change}`)
    expect(await boots(node)).toBe(bootsBefore + 1)
    expect(await whatBoots(node)).not.toMatch(/lanekeeper|custom|OneShot/)
    expect((await bot.run('audit', 'verify')).code).toBe(0)

    await bootsForGood(node)
    expect((await node.exec('ls /sys/class/iommu')).stdout).toMatch(/^(dmar|ivhd)0$/m)
    await undoneByHand(node, change)
    expect(await whatBoots(node)).toBe(before)
  })
})
