import { afterEach, expect } from 'vitest'
import { chatAdapterContract } from '../chat-adapter.contract.ts'
import { adapterOn, peopleOn, startDiscord } from './rig.ts'
import type { Discord } from './stub.ts'
import { OPS, PEOPLE } from './world.ts'

let discord: Discord
afterEach(async () => {
  await discord.close()
  expect(discord.wrong).toEqual([])
})

chatAdapterContract('Discord', async () => {
  discord = await startDiscord()
  const people = peopleOn(discord)
  const [on, off] = ['500000000000000001', '500000000000000002']
  discord.world.roles.set(on, { users: [PEOPLE.ada.id], mentionable: true })
  discord.world.roles.set(off, { users: [PEOPLE.olga.id], mentionable: true })
  const adapter = adapterOn(discord)
  let reacted = true
  return {
    adapter,
    channel: OPS,
    groups: { person: `discord:${PEOPLE.ada.id}`, in: `discord:role:${on}`, notIn: `discord:role:${off}` },
    calls: [
      [`discord:${PEOPLE.ada.id}`, `<@${PEOPLE.ada.id}>`],
      [`discord:role:${on}`, `<@&${on}>`],
    ],
    attached: async (message) => people.inChannel(message).flatMap(({ files }) => files),
    shown: async (message) => {
      const found = discord.world.messages.get(message)
      return found && people.read(found)
    },
    whispered: async (id) => people.whispered(id === `discord:${PEOPLE.olga.id}` ? 'olga' : 'ada'),
    type: async (text) => void people.type(text),
    react: async (message, yes) => {
      reacted = yes
      people.react(message, yes)
    },
    takeBack: async (message) => people.takeBack(message, reacted),
    cut: () => discord.fault(() => true, { status: 503 }),
  }
})
