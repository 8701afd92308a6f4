import { setTimeout as sleep } from 'node:timers/promises'
import { type ConsoleOptions, createConsoleAdapter } from '../../adapters/console/index.ts'
import { commands } from '../../commands/index.ts'
import { demoCard } from '../../src/cards/welcome-card.ts'
import { CardRecord } from '../../src/chat/card-record.ts'
import { createNotifier, type Notifier } from '../../src/chat/notifier.ts'
import { createRouter } from '../../src/chat/router.ts'
import { createMemoryStore } from '../../src/store/memory-store.ts'
import { policy } from '../cards/samples.ts'
import { createFakeCore } from './fake-core.ts'

type Streams = Pick<ConsoleOptions, 'input' | 'output' | 'mode'> & Partial<ConsoleOptions> & { pauseMs?: number }

/** The people side as main.ts joins it, around a core without nodes; over once the room is quiet. */
export async function openRoom({ input, output, mode, pauseMs = 1, ...more }: Streams) {
  let notifier: Notifier | undefined
  const { core, changes } = createFakeCore({ tell: () => notifier, pauseMs })
  const people = ['operator', 'approver', 'visitor']
  const chat = createConsoleAdapter({
    people,
    channel: 'ops',
    commands,
    input,
    output,
    mode,
    idsFile: null,
    filesFolder: null,
    nodes: () => core.nodes.map(({ name }) => name),
    ...(mode === 'terminal' && { welcome: demoCard(core.nodes) }),
    ...more,
  })
  notifier = createNotifier({
    adapters: [chat],
    cards: createMemoryStore(CardRecord),
    incidentChannels: [{ adapter: 'console', channel: 'incidents' }],
    policy,
    log: { warn: () => undefined },
  })
  const router = createRouter({ core, commands, notifier, log: { error: () => undefined }, newId: () => 'e1' })
  await chat.start(router.receive(chat))
  const over = (async () => {
    const quit = (await chat.ended) === 'quit'
    await router.idle()
    while (!quit && (await core.live()).some(({ state }) => state !== 'proposed')) await sleep(20)
    await notifier.stop()
    await chat.stop()
  })()
  return { chat, core, changes, notifier, router, over }
}
