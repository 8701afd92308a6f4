import { afterEach, expect, test } from 'vitest'
import { actor } from '../changes/a-change.ts'
import { type Bench, proposed, setUp } from './bench.ts'

let bench: Bench
afterEach(() => bench.close())

const PIN = '/etc/kernel/proxmox-boot-pin'

test('the kernel with the cure is installed and another one pinned: tried for one boot, pinned, and taken back through a trial', async () => {
  bench = await setUp('node10')
  const engine = await bench.engine()
  const { core, runner } = engine
  const approve = async (id: string) => {
    await core.vote(id, { by: actor('ann'), yes: true, given: true })
    await runner.settled()
    const [closed] = await core.history(1)
    return closed
  }
  const id = await proposed(engine, 'node10')
  const change = await core.change(id)
  expect(change?.plan).toMatchObject({
    cause: 'wrong-kernel-running',
    kernel: '6.5.13-5-pve',
    args: { add: ['intel_iommu=on,relax_rmrr'], remove: ['intel_iommu=on'] },
    commands: ['proxmox-boot-tool kernel pin 6.5.13-5-pve', 'update-grub'],
    commandsBack: ['proxmox-boot-tool kernel pin 6.2.16-3-pve', 'update-grub'],
  })
  expect(await approve(id)).toMatchObject({ state: 'closed', outcome: 'done' })
  expect((await core.history(1))[0]?.away).toBeGreaterThan(0)
  expect((await core.diagnose('node10', { target: null })).outlook ?? null).toBeNull()
  expect(bench.node).toMatchObject({ kernel: '6.5.13-5-pve', pinned: '6.5.13-5-pve', boots: { all: 2, trials: 1 } })
  expect((await core.diagnose('node10', { target: null })).report.verdict.cause).not.toMatch(/kernel|rmrr/)

  const undo = await core.undo(id, actor('olga'))
  if ('refused' in undo) throw new Error(undo.refused)
  expect(undo.plan).toMatchObject({ kernel: '6.2.16-3-pve', reboot: true })
  expect(await approve(undo.id)).toMatchObject({ state: 'closed', outcome: 'done' })
  expect(bench.node).toMatchObject({ kernel: '6.2.16-3-pve', pinned: '6.2.16-3-pve' })
})

test('a kernel whose trial does not come up is not pinned', async () => {
  bench = await setUp('node10', { trialFails: 'root' })
  const engine = await bench.engine()
  const id = await proposed(engine, 'node10')
  await engine.core.vote(id, { by: actor('ann'), yes: true, given: true })
  await engine.runner.settled()
  expect((await engine.core.history(1))[0]).toMatchObject({ outcome: 'reverted' })
  expect(bench.node.files.get(PIN)).toBe('6.2.16-3-pve\n')
  expect(bench.node.kernel).toBe('6.2.16-3-pve')
})

test('the generation that fails behind the pin takes the pin back as well', async () => {
  bench = await setUp('node10')
  const generated = bench.node.files.get('/boot/grub/grub.cfg')
  const engine = await bench.engine()
  const id = await proposed(engine, 'node10')
  bench.node.faults.set('update_grub', 'generate')
  await engine.core.vote(id, { by: actor('ann'), yes: true, given: true })
  await engine.runner.settled()
  expect((await engine.core.history(1))[0]).toMatchObject({ outcome: 'undone' })
  expect(bench.node.files.get(PIN)).toBe('6.2.16-3-pve\n')
  expect(bench.node.files.get('/boot/grub/grub.cfg')).toBe(generated)
  expect(bench.node.kernel).toBe('6.2.16-3-pve')
})

test('somebody else pins a kernel between card and approval: nothing is done', async () => {
  bench = await setUp('node10')
  const engine = await bench.engine()
  const id = await proposed(engine, 'node10')
  bench.node.files.delete(PIN)
  bench.node.generate()
  await engine.core.vote(id, { by: actor('ann'), yes: true, given: true })
  await engine.runner.settled()
  expect((await engine.core.history(1))[0]).toMatchObject({ outcome: 'stale' })
  expect(bench.node.boots.trials).toBe(0)
})
