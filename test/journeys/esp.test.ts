import { afterEach, describe, expect, test } from 'vitest'
import { ESP, KERNEL_CMDLINE } from '../../src/simulator/esp-model.ts'
import type { Scenario } from '../../src/simulator/scenario.ts'
import { actor } from '../changes/a-change.ts'
import { type Bench, proposed, setUp } from './bench.ts'

let bench: Bench
afterEach(() => bench.close())

/** The two ways to boot from an ESP that proxmox-boot-tool keeps: the demo's node, what differs, and the file that the line comes from. */
const chains: readonly (readonly [
  id: string,
  node: string,
  differs: Partial<Scenario>,
  file: string,
  tried: string,
])[] = [
  ['systemd-boot', 'node6', {}, KERNEL_CMDLINE, 'one-shot'],
  ['grub-esp', 'node1', { loader: 'grub-esp' }, '/etc/default/grub', 'flag'],
]

describe.each(chains)('%s', (chain, name, asIs, file, tried) => {
  const onEsp = () => JSON.stringify([...bench.node.files].filter(([path]) => path.startsWith(ESP)).toSorted())
  const boots = () => ({ esp: onEsp(), file: bench.node.files.get(file) })
  async function approve(differs: Partial<Scenario>, faults: readonly [string, string][] = []) {
    bench = await setUp(name, { ...asIs, ...differs })
    const before = boots()
    const engine = await bench.engine()
    const id = await proposed(engine, name)
    for (const [act, why] of faults) bench.node.faults.set(act, why)
    await engine.core.vote(id, { by: actor('ann'), yes: true, given: true })
    await engine.runner.settled()
    const [change] = await engine.core.history(1)
    return { change, before, engine, id }
  }

  test('what is missing is tried for one boot, written to the file that boots, put on the ESP, and undone to the byte', async () => {
    const { change, before, engine, id } = await approve({})
    expect(change).toMatchObject({ outcome: 'done', plan: { chain, trial: { kind: tried } } })
    expect(bench.node.boots).toEqual({ all: 2, trials: 1 })
    expect(bench.node.files.get(file)).toContain('intel_iommu=on')
    expect(onEsp()).toContain('intel_iommu=on')
    expect(onEsp()).not.toContain('lanekeeper')

    const undo = await engine.core.undo(id, actor('olga'))
    if ('refused' in undo) throw new Error(undo.refused)
    await engine.core.vote(undo.id, { by: actor('ann'), yes: true, given: true })
    await engine.runner.settled()
    expect((await engine.core.history(1))[0]).toMatchObject({ outcome: 'done' })
    expect(boots()).toEqual(before)
  })

  test.each<[string, Partial<Scenario>, [string, string][], string]>([
    ['a panic', { trialFails: 'root' }, [], 'reverted'],
    ['no network', { trialFails: 'network' }, [], 'reverted'],
    ['a trial that cannot be armed', {}, [[tried === 'flag' ? 'flag_arm' : 'oneshot_arm', 'no-flag']], 'failed'],
  ])('%s: the old line boots, and the ESP is as it was', async (_, differs, faults, outcome) => {
    const { change, before } = await approve(differs, faults)
    expect(change).toMatchObject({ outcome })
    expect(boots()).toEqual(before)
    expect(bench.node.oneshot).toBeNull()
    expect(bench.node.flag).toBeNull()
  })
})
