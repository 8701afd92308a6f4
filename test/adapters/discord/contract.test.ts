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
  const adapter = adapterOn(discord)
  let reacted = true
  return {
    adapter,
    channel: OPS,
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
