import { afterEach, expect, test } from 'vitest'
import type { Scenario } from '../../src/simulator/scenario.ts'
import { actor } from '../changes/a-change.ts'
import { type Bench, setUp } from './bench.ts'

let bench: Bench
afterEach(() => bench.close())

const GUEST = '/etc/pve/qemu-server/101.conf'
const ENVIRONMENT = '/boot/grub/grubenv'

async function begin(name: string, differs: Partial<Scenario> = {}) {
  bench = await setUp(name, differs)
  const engine = await bench.engine()
  const approve = async (id: string) => {
    const answer = await engine.core.vote(id, { by: actor('ann'), yes: true, given: true })
    await engine.runner.settled()
    const [closed] = await engine.core.history(1)
    return { ...answer, closed: closed?.state === 'closed' ? closed : undefined }
  }
  const put = async (finding: string | null = null) => {
    const change = await engine.core.propose(await engine.core.diagnose(name, { target: null, finding }), actor('olga'))
    if ('refused' in change) throw new Error(change.refused)
    return change
  }
  return { ...engine, approve, put }
}

test('a one-time boot that was left behind: cleared without a reboot, and put back by an undo', async () => {
  const { put, approve, core } = await begin('node9')
  const { id, plan } = await put()
  expect(plan).toMatchObject({ reboot: false, revert: 'undo', commands: ['grub-editenv - unset next_entry'] })
  expect((await approve(id)).closed).toMatchObject({ outcome: 'done' })
  expect(bench.node.files.get(ENVIRONMENT)).toBe('')
  expect(bench.node.boots).toEqual({ all: 1, trials: 0 })
  expect(bench.told).not.toContain('rescue')

  const undo = await core.undo(id, actor('olga'))
  if ('refused' in undo) throw new Error(undo.refused)
  expect(undo.plan).toMatchObject({ reboot: false, commands: ["grub-editenv - set 'next_entry=1'"] })
  expect((await approve(undo.id)).closed).toMatchObject({ outcome: 'done' })
  expect(bench.node.files.get(ENVIRONMENT)).toBe('next_entry=1\n')
  expect(bench.node.boots.all).toBe(1)
})

test('a guest that would take the disk of the host at the next boot: its onboot is cleared when that is asked for', async () => {
  const { put, approve, core } = await begin('node5')
  const { plan, offers } = await core.diagnose('node5', { target: null })
  expect(plan).toBeNull()
  expect(offers).toContainEqual({
    finding: 'onboot-guest-takes-host-device',
    says: 'Do not start guest 101 with the node',
  })
  const { id } = await put('onboot-guest-takes-host-device')
  expect((await approve(id)).closed).toMatchObject({ outcome: 'done' })
  expect(bench.node.files.get(GUEST)).not.toContain('onboot')
})

test('a quote that nobody closed: the file is mended, and nothing is generated from it', async () => {
  const { put, approve } = await begin('node7')
  const generated = bench.node.files.get('/boot/grub/grub.cfg')
  bench.node.files.set('/etc/default/grub', 'GRUB_CMDLINE_LINUX_DEFAULT="quiet iommu=pt\nGRUB_CMDLINE_LINUX=""\n')
  const { id, plan } = await put()
  expect(plan).toMatchObject({ cause: 'grub-config-broken', reboot: false, commands: [] })
  expect((await approve(id)).closed).toMatchObject({ outcome: 'done' })
  expect(bench.node.files.get('/etc/default/grub')).toBe(
    'GRUB_CMDLINE_LINUX_DEFAULT="quiet iommu=pt"\nGRUB_CMDLINE_LINUX=""\n',
  )
  expect(bench.node.files.get('/boot/grub/grub.cfg')).toBe(generated)
})

test('what somebody has set meanwhile makes the plan stale, and nothing is done', async () => {
  const { put, approve } = await begin('node9')
  const { id } = await put()
  bench.node.files.set(ENVIRONMENT, 'next_entry=2\n')
  expect((await approve(id)).closed).toMatchObject({ outcome: 'stale' })
  expect(bench.node.files.get(ENVIRONMENT)).toBe('next_entry=2\n')
})

test('a repair that cures nothing is put back at once', async () => {
  const { put, approve } = await begin('node9')
  const { id } = await put()
  // The node says it has done it, and the mark is there all the same.
  const files = bench.node.files
  const set = files.set.bind(files)
  files.set = (path, text) => set(path, path === ENVIRONMENT && text === '' ? 'next_entry=1\n' : text)
  expect((await approve(id)).closed).toMatchObject({
    outcome: 'undone',
    because: expect.stringContaining('still there'),
  })
  expect(files.get(ENVIRONMENT)).toBe('next_entry=1\n')
})

test('an act that the node refuses changes nothing, and the change says why', async () => {
  const { put, approve } = await begin('node9')
  const { id } = await put()
  bench.node.faults.set('expect_grub_env', 'changed')
  expect((await approve(id)).closed).toMatchObject({ outcome: 'failed' })
  expect(bench.node.files.get(ENVIRONMENT)).toBe('next_entry=1\n')
})
