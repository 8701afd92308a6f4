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
  })
  const say = async (line: string) => {
    type(line)
    await settled()
  }
  return {
    adapter,
    channel: 'ops',
    shown: async (message) => eventsOf(lines()).findLast((one) => one.message === message)?.card.text,
    whispered: async (id) => eventsOf(lines()).flatMap(({ to, card }) => (to === id ? [card.text] : [])),
    type: say,
    react: (message, yes) => say(`${yes ? '+' : '-'} ${message}`),
    takeBack: (message) => say(`~ ${message}`),
    cut: () => output.destroy(),
  }
})
