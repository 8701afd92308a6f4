import { afterEach, expect, test } from 'vitest'
import { HOOK_PATH, SCRIPT_PATH } from '../../src/bootconfig/vfio-script.ts'
import { actor } from '../changes/a-change.ts'
import { type Bench, proposed, setUp } from './bench.ts'

let bench: Bench
afterEach(() => bench.close())

const IMAGE = '/boot/initrd.img-6.17.2-1-pve'
const ours = () => [...bench.node.files.keys()].filter((path) => path.startsWith('/boot/lanekeeper'))
const act = async (undo: boolean, faults: readonly [string, string][] = []) => {
  const engine = await bench.engine()
  const { core, runner } = engine
  const id = await proposed(engine, 'node11')
  const approve = async (change: string) => {
    await core.vote(change, { by: actor('ann'), yes: true, given: true })
    await runner.settled()
    return (await core.history(1))[0]
  }
  for (const [name, why] of faults) bench.node.faults.set(name, why)
  const kept = await approve(id)
  if (!undo) return kept
  const back = await core.undo(id, actor('olga'))
  if ('refused' in back) throw new Error(back.refused)
  return approve(back.id)
}

test('a device whose driver does not let go is bound by its address in a trial with an initramfs of its own, and stays', async () => {
  bench = await setUp('node11')
  expect(bench.node.cardDriver).toBe('mpt3sas')
  const change = await act(false)
  expect(change).toMatchObject({ outcome: 'done', plan: { remedy: 'vfio-by-address', cause: 'host-driver-bound' } })
  expect(bench.node).toMatchObject({ cardDriver: 'vfio-pci', boots: { all: 2, trials: 1 } })
  expect(bench.node.files.get(SCRIPT_PATH)).toContain('0000:01:00.0=1000:0072')
  expect(bench.node.files.get(IMAGE)).toBe(bench.node.files.get(SCRIPT_PATH))
  expect(ours()).toEqual([])
  bench.node.powerCycle()
  await expect.poll(() => bench.node.reachable && bench.node.boots.all).toBe(3)
  expect(bench.node.cardDriver).toBe('vfio-pci')
})

test('taken back through a trial: hook and script are gone, and the driver of the host has the device again', async () => {
  bench = await setUp('node11')
  expect(await act(true)).toMatchObject({ outcome: 'done' })
  expect(bench.node.files.has(HOOK_PATH) || bench.node.files.has(SCRIPT_PATH)).toBe(false)
  expect(bench.node).toMatchObject({ cardDriver: 'mpt3sas', boots: { all: 3, trials: 2 } })
  expect(ours()).toEqual([])
})

test('a trial that does not come up leaves the initramfs that boots as it was, and nothing of its own', async () => {
  bench = await setUp('node11', { trialFails: 'root' })
  const before = bench.node.files.get(IMAGE)
  expect(await act(false)).toMatchObject({ outcome: 'reverted' })
  expect(bench.node.files.get(IMAGE)).toBe(before)
  expect(bench.node.files.has(SCRIPT_PATH)).toBe(false)
  expect(ours()).toEqual([])
})

test('an initramfs that cannot be built ends the change before anything boots differently', async () => {
  bench = await setUp('node11')
  expect(await act(false, [['build_initramfs', 'write']])).toMatchObject({ outcome: 'failed' })
  expect(bench.node.boots.trials).toBe(0)
})

test('one that cannot be built for good takes hook and script back', async () => {
  bench = await setUp('node11')
  expect(await act(false, [['renew_initramfs', 'tool']])).toMatchObject({ outcome: 'undone' })
  expect(bench.node.files.has(SCRIPT_PATH)).toBe(false)
  expect(bench.node.cardDriver).toBe('mpt3sas')
})
