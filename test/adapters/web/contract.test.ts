import { cardText } from '../../../src/cards/text.ts'
import { chatAdapterContract } from '../chat-adapter.contract.ts'
import { comeIn, PEOPLE, webAdapter } from './browser.ts'

chatAdapterContract('the web page', async () => {
  const { adapter, address } = webAdapter()
  const start = adapter.start
  let ann: Awaited<ReturnType<typeof comeIn>>
  adapter.start = async (receive) => {
    await start(receive)
    ann = await comeIn(address(), PEOPLE[0]?.token ?? '')
  }
  const arrived = () => new Promise((resolve) => setTimeout(resolve, 200))
  const seen = async () => {
    await arrived()
    return [...ann.messages.values()]
  }
  return {
    adapter,
    channel: 'ops',
    groups: null,
    calls: [['web:bob', 'calls: bob']],
    shown: async (id) => {
      const message = (await seen()).find((one) => one.id === id)
      return (
        message && `${message.called.length ? `calls: ${message.called.join(', ')}\n` : ''}${cardText(message.card)}`
      )
    },
    attached: async (id) =>
      Promise.all(
        ((await seen()).find((one) => one.id === id)?.files ?? []).map(async ({ name, path }) => ({
          name,
          content: Buffer.from(await (await ann.get(path)).arrayBuffer()),
        })),
      ),
    whispered: async (id) => (await seen()).flatMap(({ to, card }) => (`web:${to}` === id ? [cardText(card)] : [])),
    type: async (text) => void (await ann.post('/say', { text })),
    react: async (message, yes) => void (await ann.post('/react', { message, yes, given: true })),
    takeBack: async (message) => void (await ann.post('/react', { message, yes: true, given: false })),
    cut: () => void adapter.stop(),
  }
})
