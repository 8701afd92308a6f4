import { expect, test } from 'vitest'
import { createFoundBlockers } from '../../src/chat/found-blockers.ts'
import { createLanes } from '../../src/chat/lanes.ts'
import { diagnosis } from '../cards/samples.ts'
import { createFakeAdapter } from './fake-adapter.ts'

test('a guest that fails for another reason than passthrough is told once an hour, not once for ever', async () => {
  let now = 0
  const { adapter, said } = createFakeAdapter('fake')
  const lanes = createLanes(() => undefined)
  const incidentChannels = [{ adapter: 'fake', channel: 'incidents' }]
  const blockers = createFoundBlockers({ incidentChannels, adapterOf: () => adapter, lanes, now: () => now })
  const fine = { ...diagnosis, report: { ...diagnosis.report, results: [] } }
  const fails = async () => {
    blockers.notice('node3', 'vm:101', 'Guest 101 did not start')
    await expect.poll(() => lanes.size()).toBe(0)
    blockers.tell(fine, 'Guest 101 did not start')
    await expect.poll(() => lanes.size()).toBe(0)
  }
  await fails()
  now = 3_000_000
  await fails()
  expect(said.map(({ what }) => what)).toEqual(['post', 'edit'])
  now = 3_600_001
  await fails()
  expect(said.map(({ what }) => what)).toEqual(['post', 'edit', 'post', 'edit'])
})
