import { describe, expect, test } from 'vitest'
import { askFor, shows } from '../journeys/room.ts'
import type { LabNode } from './node.ts'
import {
  approved,
  boots,
  bootsForGood,
  ending,
  hangs,
  impatient,
  lab,
  line,
  prepared,
  survivesEveryFault,
  undoneByHand,
} from './on-node.ts'

const HOUR = 3_600_000
const BOOT_FILES = ['/etc/default/grub', '/boot/grub/grub.cfg']
const sums = async (node: LabNode) =>
  (
    await node.exec(
      `sha256sum ${BOOT_FILES.join(' ')}; ls /boot/grub/custom.cfg /etc/systemd/system/lanekeeper* 2>/dev/null`,
    )
  ).stdout

/** The ESP of the default layout made into a file system that GRUB cannot write to; the hardware clock in local time, away from UTC. */
const onlyTheClock = `set -e; wipefs -qa /dev/vda2; sgdisk -t 2:8300 /dev/vda; partx -u /dev/vda; udevadm trigger --settle /dev/vda2
  printf '0.0 0 0\\n0\\nLOCAL\\n' >/etc/adjtime; ln -sf /usr/share/zoneinfo/Asia/Kolkata /etc/localtime`

describe('a node whose kernel runs without the IOMMU', () => {
  test('(f) somebody edits the file between card and approval; (g) a stranger approves; (b) no network, (c) no root, a hang; (a) tried once, checked, kept', async (context) => {
    const { node, bot } = await lab(context, { cmdline: 'intel_iommu=off' }, impatient)
    const { room } = bot
    const untouched = await sums(node)

    // (g)
    const first = await askFor(room, '/pcie diagnose node3', 120)
    expect(first.text).toContain('iommu-off')
    room.say('/as stranger')
    room.say(`+ ${first.message}`)
    const no = await room.until(
      'the stranger is answered',
      ({ event, to }) => event === 'whisper' && to === 'console:stranger',
    )
    expect(no.card.text).toContain('not on the approver list')
    room.say('/as operator')
    room.say(`+ ${first.message}`)
    await room.until('the requester is answered', ({ event, to }) => event === 'whisper' && to === 'console:operator')
    expect(await sums(node)).toBe(untouched)

    // (f)
    await node.exec('echo "# edited at 3 a.m." >>/etc/default/grub')
    const edited = await sums(node)
    room.say('/as approver')
    room.say(`+ ${first.message}`)
    const stale = await room.until(
      'the card turns stale',
      ({ card }) => card.change === first.change && card.state === 'closed',
      120,
    )
    expect(stale.card.text).toContain('/etc/default/grub was edited meanwhile')
    expect(await sums(node)).toBe(edited)

    // A full disk, and a /boot that cannot be written: a clear end, nothing on the node changed.
    room.say('/as operator')
    for (const [spoil, mend, says] of [
      [
        'fallocate -l $(df -B1 --output=avail / | tail -n 1) /filler; cat /dev/zero >>/filler; true',
        'rm -f /filler',
        /no space/,
      ],
      ['mount --bind /boot /boot && mount -o remount,bind,ro /boot', 'umount /boot', /\/boot cannot be written/],
    ] as const) {
      const asked = await askFor(room, '/pcie diagnose node3', 120)
      expect((await node.exec(spoil)).code).toBe(0)
      room.say('/as approver')
      room.say(`+ ${asked.message}`)
      const end = await room.until('the change ends', shows('closed', asked.change), 200)
      expect(end.card.text).toMatch(says)
      expect(end.card.title).not.toMatch(/kept/)
      await node.exec(mend)
      expect(await sums(node)).toBe(edited)
      room.say('/as operator')
    }

    // (b), (c)
    await survivesEveryFault({ node, bot }, 'GRUB on LVM, BIOS', () => sums(node))
    room.say('/as operator')

    // (a)
    const bootsBefore = await boots(node)
    const { message, change, text } = await askFor(room, '/pcie diagnose node3', 120)
    expect(text).toContain('intel_iommu=on')
    room.say('/as approver')
    room.say(`+ ${message}`)
    await room.until('the rescue text', ({ card }) => card.text.includes(`/var/lib/lanekeeper/${change}`), 120)
    await room.until('verifying', shows('verifying', change), 400)
    expect(await line(node)).toContain(`lanekeeper.trial=${change}`)
    const card = await ending(bot, node, change, { node: 'GRUB on LVM, BIOS', situation: 'good trial' })
    expect(card.text).toContain('kept')

    expect(await line(node)).toMatch(/\bintel_iommu=on\b.*\biommu=pt\b|\biommu=pt\b.*\bintel_iommu=on\b/)
    expect(await line(node)).not.toContain('intel_iommu=off')
    expect(await boots(node)).toBe(bootsBefore + 1)
    const file = (await node.exec('cat /etc/default/grub')).stdout
    expect(file).toMatch(/^GRUB_CMDLINE_LINUX_DEFAULT="quiet intel_iommu=on iommu=pt"$/m)
    expect(file).toContain('# edited at 3 a.m.')
    expect((await node.exec('grep -c "intel_iommu=on iommu=pt" /boot/grub/grub.cfg')).stdout.trim()).not.toBe('0')
    const left = await node.exec(
      'ls /boot/grub/custom.cfg /etc/lanekeeper /etc/systemd/system/lanekeeper-guard.service /etc/systemd/system/sysinit.target.wants/lanekeeper-guard.service 2>/dev/null',
    )
    expect(left.stdout).toBe('')
    expect((await node.exec(`ls /var/lib/lanekeeper/${change}`)).stdout).toContain('undo.sh')

    const { stdout } = await bot.run('diagnose', 'node3', '--json')
    const report = JSON.parse(stdout)
    expect(report.results.find(({ rule }: { rule: string }) => rule === 'iommu-off').status).toBe('ok')
    const channel = room.events.filter((event) => event.channel === 'incidents')
    expect(channel.length).toBeGreaterThan(2)

    await bootsForGood(node)
    expect((await node.exec('ls /sys/kernel/iommu_groups | wc -l')).stdout.trim()).not.toBe('0')

    await undoneByHand(node, change)
    expect(await sums(node)).toBe(edited)
  })

  test('where only the hardware clock ends a trial: not begun when it jumps, not begun again after a hang, kept over the turn of the year', async (context) => {
    const { node, bot } = await lab(context, { cmdline: 'intel_iommu=off' })
    const name = 'GRUB on LVM, BIOS, no file system GRUB can write to'
    await prepared(node, onlyTheClock)
    const untouched = await sums(node)

    const jumping = await approved(bot)
    expect(jumping.text).toMatch(/ten minutes by the hardware clock/)
    await bot.room.until('armed', shows('armed', jumping.change), 200)
    node.clockAhead(24 * HOUR)
    const jumped = await ending(bot, node, jumping.change, { node: name, situation: 'the clock jumps by a day' })
    expect(jumped.text).toContain('the trial did not start')
    expect(await sums(node)).toBe(untouched)

    node.sabotage('hang')
    const hanging = await approved(bot)
    await hangs(node)
    node.sabotage(undefined)
    // From here on its clock, which is in local time, has the year end at about the next trial.
    node.clockAhead(Date.UTC(new Date().getUTCFullYear() + 1, 0) - 95_000 - Date.now())
    node.powerCycle()
    const hung = await ending(bot, node, hanging.change, { node: name, situation: 'hang, power cycle' })
    expect(hung.text).toMatch(/went back by itself|reverted/i)
    expect(await sums(node)).toBe(untouched)

    const { change } = await approved(bot)
    const card = await ending(bot, node, change, { node: name, situation: 'the year ends, good trial' })
    expect(card.text).toContain('kept')
    expect(await line(node)).toContain(`lanekeeper.trial=${change} panic=600`)
    console.log(
      `the hardware clock read ${(await node.exec('cat /sys/class/rtc/rtc0/date /sys/class/rtc/rtc0/time; date')).stdout}`,
    )
    expect((await node.exec('ls /boot/grub/custom.cfg 2>/dev/null')).stdout).toBe('')
    await bootsForGood(node)
  })
})
