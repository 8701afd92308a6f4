import { readFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { probes } from '../../src/facts/probes.ts'
import { compileScript } from '../../src/facts/script.ts'
import { askFor, shows } from '../journeys/room.ts'
import { boots, lab, line } from './on-node.ts'

describe('(d) a card whose memory the firmware reserves', () => {
  test('on a kernel that can relax it: named, relaxed for one boot, attached, kept', async (context) => {
    const { node, bot } = await lab(context, { rmrr: true, cmdline: 'intel_iommu=on' })
    // From the reserved region alone, before anybody has tried to start the guest.
    const before = JSON.parse((await bot.run('diagnose', 'node3', '--json')).stdout)
    expect(before.verdict).toMatchObject({ status: 'broken', cause: 'rmrr-blocks-device' })
    const found = before.results.find(({ rule }: { rule: string }) => rule === 'rmrr-blocks-device')
    expect(found.devices).toEqual(['0000:00:04.0'])
    expect(found.evidence.some(({ probe }: { probe: string }) => probe === 'reserved-regions')).toBe(true)

    expect((await node.exec('vfio-attach')).stdout).toContain('EPERM')
    // Noticed by itself, over the connection that is held.
    await node.exec('start-guest 101')
    const failed = Date.now()
    const noticed = await bot.room.until(
      'the failed start is told',
      ({ channel, card }) => channel === 'incidents' && /Guest 101 did not start/.test(card.text),
      60,
    )
    const seconds = (Date.now() - failed) / 1000
    console.log(`the failed start was told after ${seconds} s`)
    expect(seconds).toBeLessThan(5)
    expect(noticed.card.title).toBe('node3, vm:101: looking why it did not start …')
    const why = await bot.room.until(
      'the cause takes the message over',
      ({ message, card }) => message === noticed.message && card.title === 'node3, vm:101: blocker found',
      60,
    )
    expect(why.card.text).toMatch(/Guest 101 did not start.*\n\n.*RMRR/)
    const { message, change, text } = await askFor(bot.room, '/pcie diagnose node3 vm:101', 120)
    expect(text).toMatch(/ineligible for IOMMU domain attach/)
    expect(text).toContain('intel_iommu=on,relax_rmrr')
    bot.room.say('/as approver')
    bot.room.say(`+ ${message}`)
    const done = await bot.room.until('kept', shows('closed', change), 600)
    expect(done.card.text).toContain('kept')
    expect((await node.exec('cat /sys/kernel/iommu_groups/*/reserved_regions')).stdout).toContain('direct-relaxable')
    expect((await node.exec('vfio-attach')).stdout).toContain('attached')
    expect((await node.exec('cat /etc/default/grub')).stdout).toContain('intel_iommu=on,relax_rmrr')
    const after = JSON.parse((await bot.run('diagnose', 'node3', '--json')).stdout)
    expect(after.verdict.cause).not.toBe('rmrr-blocks-device')
    expect(after.results.find(({ rule }: { rule: string }) => rule === 'relax-rmrr-active').status).toBe('found')

    // Two keys, for a user who has to ask sudo: the looking one looks, the other acts, and both are gone again.
    const granted = await bot.run('grant', 'as-lk')
    expect(granted.code, granted.stderr).toBe(0)
    const keys = join(bot.data, 'keys')
    const installer = readFileSync(join(keys, 'as-lk-grant.sh')).toString('base64')
    const letIn = await node.exec(`echo ${installer} | base64 -d >/run/grant.sh; sh -s </run/grant.sh`)
    expect(letIn.stdout, letIn.stderr).toContain('done: lk may be looked at by one key')
    const two = `nodes:
  as-lk: { host: ${node.host}, port: ${node.port}, user: lk, sudo: true, key: ${keys}/as-lk-look, changeKey: ${keys}/as-lk-change }
policy: { approvers: ['console:approver'] }
`
    const doctor = await bot.runWith(two, 'doctor')
    expect(doctor.stdout).toMatch(/✓ as-lk: scripts run there as root/)
    expect(doctor.stdout).toMatch(/✓ as-lk: the key for changes is let in, as root/)
    const looked = JSON.parse((await bot.runWith(two, 'diagnose', 'as-lk', '--json')).stdout)
    expect(looked.verdict).toEqual(after.verdict)
    const removed = await node.exec(
      'sh -s remove </run/grant.sh; ls /usr/local/sbin/lanekeeper-look /etc/sudoers.d/lanekeeper',
    )
    expect(removed.stdout).toBe('removed: the keys, the collector, the sudo rule\n')
    expect((await bot.runWith(two, 'diagnose', 'as-lk')).stderr).toMatch(/login as lk refused/)

    // What a look costs the node, as its kernel counts it.
    const script = Buffer.from(compileScript(probes, '0123456789abcdef')).toString('base64')
    const { stdout: cost } = await node.exec(
      `echo ${script} | base64 -d >/run/probes.sh; sh -c 'sh -s </run/probes.sh >/run/probes.out; times' | tail -n 1; wc -c </run/probes.sh; wc -c </run/probes.out`,
    )
    console.log(`a look: CPU time (user system), bytes of the script, bytes of its answer:\n${cost}`)
    expect(cost.trim().split('\n')).toHaveLength(3)
  })

  test('on Debian’s own kernel, with the one that has the option installed: that one is tried with the option, pinned, and stays', async (context) => {
    const { node, bot } = await lab(context, { rmrr: true, cmdline: 'intel_iommu=on', defaultKernel: 'debian' })
    const { stdout } = await bot.run('diagnose', 'node3', '--json')
    const report = JSON.parse(stdout)
    const status = (rule: string) => report.results.find((result: { rule: string }) => result.rule === rule).status
    // The kernel that can relax the region is installed and not booted: that is the cause of the other two.
    expect(report.verdict).toMatchObject({ status: 'broken', cause: 'wrong-kernel-running' })
    expect(status('rmrr-blocks-device')).toBe('muted')
    expect(status('kernel-lacks-relaxable-rmrr')).toBe('muted')
    const relaxing = (await node.exec("ls /boot | sed -n 's/^vmlinuz-//p' | grep relaxablermrr")).stdout.trim()
    expect(report.plan).toMatchObject({ remedy: 'boot-kernel', args: { add: ['intel_iommu=on,relax_rmrr'] } })
    expect(report.plan.commands).toContain(`proxmox-boot-tool kernel pin ${relaxing}`)

    // The same through sudo; and what is said where there is no way in.
    const bySudo = JSON.parse((await bot.run('diagnose', 'as-lk', '--json')).stdout)
    expect(bySudo.verdict.cause).toBe(report.verdict.cause)
    expect(bySudo.results.map(({ rule, status }: { rule: string; status: string }) => [rule, status])).toEqual(
      report.results.map(({ rule, status }: { rule: string; status: string }) => [rule, status]),
    )
    for (const [name, says] of [
      ['as-nosudo', /sudo/],
      ['not-trusted', /lanekeeper trust not-trusted/],
      ['nobody-there', /refused|reach/],
      ['node33', /node3/],
    ] as const) {
      const { code, stdout, stderr } = await bot.run('diagnose', name)
      expect(stdout).toBe('')
      expect(stderr).toMatch(says)
      expect(stderr).not.toMatch(/ at .*\.ts:/)
      expect([2, 3]).toContain(code)
    }

    // What a person attaches to a ticket says the same without a network.
    const folder = `${await mkdtemp(join(tmpdir(), 'lanekeeper-record-'))}/capture`
    expect((await bot.run('record', 'node3', folder)).code).toBe(0)
    const { stdout: replayed } = await bot.replay(folder, '--json')
    expect(JSON.parse(replayed).verdict).toEqual(report.verdict)

    // A one-time boot that LVM would keep for ever, and a guest that starts with the node: cleared without a reboot.
    const bootsBefore = await boots(node)
    await node.exec('grub-editenv - set next_entry=1; echo "onboot: 1" >>/etc/pve/qemu-server/101.conf')
    bot.room.say('/pcie fix node3 leftover-one-shot')
    const mend = await bot.room.until('the repair is put up', ({ card }) => card.asks === 'approval', 120)
    bot.room.say('/as approver')
    bot.room.say(`+ ${mend.message}`)
    await bot.room.until('cleared', shows('closed', mend.card.change), 120)
    expect((await node.exec('grub-editenv - list')).stdout).not.toContain('next_entry')
    expect(await boots(node)).toBe(bootsBefore)
    bot.room.say('/as operator')

    // The other kernel, with the option, for one boot; then pinned.
    const { message, change } = await askFor(bot.room, '/pcie diagnose node3', 120)
    bot.room.say('/as approver')
    bot.room.say(`+ ${message}`)
    const done = await bot.room.until('kept', shows('closed', change), 600)
    expect(done.card.text).toContain('kept')
    expect((await node.exec('uname -r')).stdout.trim()).toBe(relaxing)
    expect((await node.exec('cat /sys/kernel/iommu_groups/*/reserved_regions')).stdout).toContain('direct-relaxable')
    expect((await node.exec('vfio-attach')).stdout).toContain('attached')
    const trial = await node.bootId()
    node.powerCycle()
    await node.waitForSsh({ notBoot: trial })
    expect((await node.exec('uname -r')).stdout.trim()).toBe(relaxing)
    expect(await line(node)).toContain('intel_iommu=on,relax_rmrr')
    expect(await line(node)).not.toContain('lanekeeper.trial')
    expect((await node.exec('cat /etc/kernel/proxmox-boot-pin')).stdout.trim()).toBe(relaxing)
  })
})

describe('a spare NIC whose driver does not let go', () => {
  test('is bound by its address in a trial with an initramfs of its own, kept, and given back by undo.sh', async (context) => {
    const { node, bot } = await lab(context, { defaultKernel: 'debian' })
    const driver = async () =>
      (await node.exec('basename "$(readlink /sys/bus/pci/devices/0000:00:04.0/driver)"')).stdout.trim()
    const image = async () => (await node.exec('sha256sum "/boot/initrd.img-$(uname -r)"; ls /boot')).stdout
    const before = await image()
    expect(await driver()).toBe('e1000e')
    await node.exec('touch /run/holds-on; start-guest 101')

    const { message, change, text } = await askFor(bot.room, '/pcie diagnose node3 vm:101', 120)
    expect(text).toMatch(/Cannot bind 0000:00:04.0 to vfio/)
    expect(text).toContain('update-initramfs -u -k')
    bot.room.say('/as approver')
    bot.room.say(`+ ${message}`)
    const done = await bot.room.until('kept', shows('closed', change), 900)
    expect(done.card.text).toContain('kept')
    expect(await driver()).toBe('vfio-pci')
    expect((await node.exec('lsinitramfs "/boot/initrd.img-$(uname -r)"')).stdout).toContain(
      'scripts/init-top/lanekeeper-vfio',
    )
    expect((await node.exec('ls /boot')).stdout).not.toContain('lanekeeper')

    const trial = await node.bootId()
    node.powerCycle()
    await node.waitForSsh({ notBoot: trial })
    expect(await line(node)).not.toContain('lanekeeper.trial')
    expect(await driver()).toBe('vfio-pci')
    expect((await node.exec('vfio-attach')).stdout).toContain('attached')

    expect((await node.exec(`sh /var/lib/lanekeeper/${change}/undo.sh`)).stdout).toContain('done')
    expect(await image()).toBe(before)
    expect((await node.exec('find /etc/initramfs-tools -name "*lanekeeper*"')).stdout).toBe('')
  })
})
