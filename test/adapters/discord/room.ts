import type { ChatRoom, Person } from '../journey.ts'
import { adapterOn, peopleOn, startDiscord } from './rig.ts'
import { BOT, INCIDENTS, OPS, PEOPLE } from './world.ts'

const NAMES = { requester: 'olga', approver: 'ada', stranger: 'stranger' } as const
const OWNERS = '500000000000000001'

/** A Discord server with the real adapter on it, as the journeys see it. */
export async function openDiscordRoom(): Promise<ChatRoom> {
  const discord = await startDiscord()
  const people = peopleOn(discord)
  const fill = (who: readonly Person[]) =>
    void discord.world.roles.set(OWNERS, { users: who.map((one) => PEOPLE[NAMES[one]].id), mentionable: true })
  const idOf = (who: Person) => `discord:${PEOPLE[NAMES[who]].id}`
  fill([])
  return {
    adapter: adapterOn(discord),
    ops: OPS,
    incidents: INCIDENTS,
    ids: { requester: idOf('requester'), approver: idOf('approver'), stranger: idOf('stranger') },
    group: { id: `discord:role:${OWNERS}`, fill },
    type: async (who, text) => void people.type(text, { who: NAMES[who] }),
    react: async (who, message, yes) => people.react(message, yes, NAMES[who]),
    takeBack: async (who, message, yes) => people.takeBack(message, yes, NAMES[who]),
    robotReacts: async (message) => people.react(message, true, 'robot'),
    roots: async (channel) => people.inChannel(channel).map((one) => ({ id: one.id, words: people.read(one) })),
    thread: async (_, message) => people.inChannel(message).map(people.read),
    offered: async (message) =>
      ['✅', '❌'].every((emoji) => people.messageOf(message).reactions.get(emoji)?.includes(BOT)),
    whispered: async (who) => people.whispered(NAMES[who]),
    files: async (message) => people.inChannel(message).flatMap(({ files }) => files),
    problems: () => discord.wrong,
    close: () => discord.close(),
  }
}
