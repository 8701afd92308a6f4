import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { commands } from '../../commands/index.ts'
import { createRouter } from '../../src/chat/router.ts'
import { VisitRecord } from '../../src/diagnosis/visit.ts'
import { createEngine } from '../../src/engine.ts'
import { createMemory } from '../../src/memory.ts'
import { createLowdbStore } from '../../src/store/lowdb-store.ts'
import { actor, policy } from '../changes/a-change.ts'
import { createFakeAdapter } from '../chat/fake-adapter.ts'
import { quietParts } from '../journeys/quiet-parts.ts'
import { quantile } from './figures.ts'
import { serversFromInput } from './servers-at.ts'

/** The whole bot but the platforms, on the servers of its input: `bot.ts <folder>`. */
export interface Surveyed {
  readonly seconds: number
  /** Resident memory, in bytes: before, and the most while it ran. */
  readonly before: number
  readonly most: number
  /** Milliseconds until a command typed meanwhile was answered: half of them, and 99 in 100. */
  readonly answered: { readonly half: number; readonly most: number; readonly count: number }
  readonly title: string
}

const [folder = '.'] = process.argv.slice(2)
const { nodes, transport } = await serversFromInput()
const { core } = createEngine({
  transport,
  nodes: nodes.map(({ name }) => ({ name, about: '', simulated: true, labels: [] })),
  policy: () => policy(),
  ...(await quietParts(folder)),
  memory: createMemory(await createLowdbStore(join(folder, 'visits.json'), VisitRecord), () => undefined),
})
const { adapter, said } = createFakeAdapter('fake')
const notifier = { shows: async () => undefined, found: () => undefined, changeOn: async () => undefined }
const router = createRouter({ core, commands, notifier, log: { error: console.error } })
const receive = router.receive(adapter)
const type = (text: string) => receive({ kind: 'command', text, by: actor('ann'), channel: 'ops' })

await type('/pcie nodes')
const before = process.memoryUsage.rss()
let most = before
let running = true
const answers: number[] = []
const asking = (async () => {
  while (running) {
    const began = performance.now()
    await type('/pcie status')
    answers.push(performance.now() - began)
    most = Math.max(most, process.memoryUsage.rss())
    await sleep(20)
  }
})()
const began = performance.now()
await type('/pcie diagnose all')
await router.idle()
const seconds = (performance.now() - began) / 1000
running = false
await asking
await transport.close()
const title = said.findLast(({ what, card }) => what === 'edit' && card.title.startsWith('all: '))?.card.title ?? ''
const answered = { half: quantile(answers, 0.5), most: quantile(answers, 0.99), count: answers.length }
process.stdout.write(`${JSON.stringify({ seconds, before, most, answered, title } satisfies Surveyed)}\n`)
process.exit(0)
