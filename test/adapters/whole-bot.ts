import { commands } from '../../commands/index.ts'
import type { Policy } from '../../src/changes/policy.ts'
import type { GroupsOf } from '../../src/changes/ports.ts'
import type { ChatAdapter } from '../../src/chat/adapter.ts'
import { CardRecord } from '../../src/chat/card-record.ts'
import { type ChannelRef, createNotifier, type NotifierParts } from '../../src/chat/notifier.ts'
import { createRouter } from '../../src/chat/router.ts'
import type { createEngine, EngineParts } from '../../src/engine.ts'
import { createMemoryStore } from '../../src/store/memory-store.ts'
import { policy as policyWith } from '../changes/a-change.ts'
import { quick } from '../journeys/bench.ts'

interface Parts {
  /** Makes the engine, around nodes that the test has. */
  readonly engine: (given: Partial<EngineParts>) => Promise<ReturnType<typeof createEngine>>
  readonly chats: readonly ChatAdapter[]
  readonly incidentChannels: readonly ChannelRef[]
  /** Where the bot keeps its cards; without it a restart forgets them. */
  readonly cards?: NotifierParts['cards']
  readonly rules?: Partial<Policy>
}

/** The whole bot, joined as main.ts joins it. `trouble` collects what it would log. */
export async function startWholeBot({ engine, chats, incidentChannels, cards, rules }: Parts) {
  const policy = policyWith({ ...quick, ...rules })
  const trouble: unknown[] = []
  const note = (about: object, words: string) => void trouble.push({ ...about, words })
  const notifier = createNotifier({
    adapters: chats,
    cards: cards ?? createMemoryStore(CardRecord),
    incidentChannels,
    policy,
    log: { warn: note },
  })
  const groupsOf: GroupsOf = async (person, among) =>
    chats.find(({ name }) => person.id.startsWith(`${name}:`))?.groupsOf(person, among) ?? []
  const { core, runner } = await engine({ tell: notifier, policy: () => policy, groupsOf })
  const router = createRouter({ core, commands, notifier, log: { error: note } })
  for (const chat of chats) await chat.start(router.receive(chat))
  await notifier.resume([...(await core.live()), ...(await core.history(20))])
  await runner.resume()
  return {
    core,
    runner,
    trouble,
    idle: () => router.idle(),
    stop: async () => {
      await runner.stop()
      await notifier.stop()
      await Promise.all(chats.map((chat) => chat.stop()))
    },
  }
}
