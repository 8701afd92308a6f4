import { describe, expect, test } from 'vitest'
import type { LabNode } from './node.ts'
import { approved, boots, bootsForGood, ending, hangs, lab, line, undoneByHand } from './on-node.ts'

const begin = 'set -e; uuid=$(blkid -s UUID -o value /dev/vda2); mount /dev/vda2 /mnt'
const end = `umount /mnt
  echo "$uuid" >/etc/kernel/proxmox-boot-uuids
  proxmox-boot-tool refresh
  systemctl --no-block reboot`

/** From GRUB on LVM to an ESP that `proxmox-boot-tool` keeps, as its `init` would set it up. */
const toSystemdBoot = `${begin}
  mkdir -p /mnt/EFI/systemd
  for file in EFI/systemd/systemd-bootx64.efi EFI/BOOT/BOOTX64.EFI; do cp /usr/lib/systemd/boot/efi/systemd-bootx64.efi /mnt/$file; done
  sed 's/^BOOT_IMAGE=[^ ]* //' /proc/cmdline >/etc/kernel/cmdline
  ${end}`
const toGrubOnEsp = `${begin}
  mkdir -p /mnt/grub
  grub-install --target=i386-pc --boot-directory=/mnt /dev/vda
  ${end}`

/** The sums of what boots: on the ESP, of the files the line comes from, and whether an order for the next boot is left. */
const whatBoots = async (node: LabNode) =>
  (
    await node.exec(
      `mount /dev/vda2 /mnt; cd /mnt; find loader grub lanekeeper -name '*.conf' -o -name '*.cfg' -o -name grubenv | sort | xargs sha256sum
       cd /; umount /mnt; ls /sys/firmware/efi/efivars | grep OneShot; sha256sum /etc/kernel/cmdline /etc/default/grub; ls /etc/lanekeeper`,
    )
  ).stdout

const off = { cmdline: 'intel_iommu=off' }

describe.each([
  [
    'systemd-boot, UEFI',
    { ...off, firmware: 'uefi' as const },
    toSystemdBoot,
    /^initrd=\\EFI\\proxmox/,
    /systemd-boot deletes the order/,
  ],
  ['GRUB on the ESP, BIOS', off, toGrubOnEsp, /^BOOT_IMAGE=\/vmlinuz/, /flag/i],
])('a node booted by %s', (name, options, prepare, booted, tried) => {
  test('a hang, a panic and a lost network leave nothing behind; the good trial is kept on the ESP, and given back by undo.sh to the byte', async () => {
    const { node, bot } = await lab({ ...options, sabotage: 'hang' }, { guardDeadline: 130, settle: 100 }, prepare)
    expect(await line(node)).toMatch(booted)
    const before = await whatBoots(node)

    const hanging = await approved(bot)
    expect(hanging.text).toMatch(tried)
    await hangs(node)
    node.powerCycle()
    const hung = await ending(bot, node, hanging.change, { node: name, situation: 'hang, power cycle' })
    expect(hung.text).toMatch(/went back by itself|reverted/i)
    expect(await line(node)).toContain('intel_iommu=off')
    expect(await whatBoots(node)).toBe(before)

    for (const [what, situation] of [
      ['no-root', 'no root, panic=30'],
      ['no-network', 'lost network'],
    ] as const) {
      node.sabotage(what)
      const { change } = await approved(bot)
      const back = await ending(bot, node, change, { node: name, situation })
      expect(back.text).toMatch(/went back by itself|reverted/i)
      expect(await whatBoots(node)).toBe(before)
    }

    node.sabotage(undefined)
    const bootsBefore = await boots(node)
    const { change } = await approved(bot)
    const card = await ending(bot, node, change, { node: name, situation: 'good trial' })
    expect(card.text).toContain('kept')
    expect(await line(node)).toContain(`lanekeeper.trial=${change}`)
    expect(await boots(node)).toBe(bootsBefore + 1)
    expect(await whatBoots(node)).not.toMatch(/lanekeeper|custom|OneShot/)

    await bootsForGood(node)
    await undoneByHand(node, change)
    expect(await whatBoots(node)).toBe(before)
  })
})
