import { afterEach, expect, test } from 'vitest'
import { cardText } from '../../../src/cards/text.ts'
import { comeIn, PEOPLE, webAdapter } from './browser.ts'

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})
const start = async () => {
  const { adapter, address } = webAdapter()
  await adapter.start(async () => undefined)
  stops.push(adapter.stop)
  return { adapter, address: address() }
}

test('what is under way is on the page again after a restart, under its id, and the cookie still opens it', async () => {
  const before = await start()
  const card = { title: 'node1', tone: 'info', blocks: [{ type: 'text', text: 'rebooting' }] } as const
  const at = await before.adapter.post('ops', card)
  const ann = await comeIn(before.address, PEOPLE[0]?.token ?? '')
  ann.leave()
  await before.adapter.stop()

  const after = await start()
  await after.adapter.edit(at, { ...card, blocks: [{ type: 'text', text: 'kept' }] })
  const again = await fetch(`${after.address}me`, { headers: { cookie: ann.cookie } })
  expect(await again.text()).toBe('ann\n')
  const seen = await comeIn(after.address, PEOPLE[1]?.token ?? '')
  await expect
    .poll(() => [...seen.messages.values()].map(({ id, card: shown }) => [id, cardText(shown)]))
    .toEqual([[at.message, 'kept']])
  seen.leave()
})
