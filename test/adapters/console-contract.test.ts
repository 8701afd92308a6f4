import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createConsoleAdapter } from '../../adapters/console/index.ts'
import { commands } from '../../commands/index.ts'
import { chatAdapterContract } from './chat-adapter.contract.ts'
import { createCatcher, createTypist, eventsOf } from './streams.ts'

const settled = () => new Promise<void>((resolve) => setTimeout(resolve, 10))

chatAdapterContract('the console', async () => {
  const { output, lines } = createCatcher()
  const { input, type } = createTypist()
  const people = ['operator', 'approver']
  const adapter = createConsoleAdapter({
    people,
    channel: 'ops',
    commands,
    input,
    output,
    mode: 'events',
    idsFile: null,
    filesFolder: join(mkdtempSync(join(tmpdir(), 'lanekeeper-')), 'files'),
  })
  const say = async (line: string) => {
    type(line)
    await settled()
  }
  const events = () => eventsOf(lines())
  return {
    adapter,
    channel: 'ops',
    groups: null,
    calls: [['console:approver', 'calls: approver']],
    shown: async (message) => events().findLast((one) => one.message === message && one.card)?.card.text,
    attached: async (message) =>
      events().flatMap((one) =>
        one.thread === message && one.file ? [{ name: one.file.name, content: readFileSync(one.file.path) }] : [],
      ),
    whispered: async (id) => events().flatMap(({ to, card }) => (to === id ? [card.text] : [])),
    type: say,
    react: (message, yes) => say(`${yes ? '+' : '-'} ${message}`),
    takeBack: (message) => say(`~ ${message}`),
    cut: () => output.destroy(),
  }
})
