import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createConsoleAdapter } from '../../adapters/console/index.ts'
import { commands } from '../../commands/index.ts'
import { type ChatRoom, chatJourney, type Person } from './journey.ts'
import { createCatcher, createTypist, eventsOf } from './streams.ts'

chatJourney(
  'the console',
  async (): Promise<ChatRoom> => {
    const { output, lines } = createCatcher()
    const { input, type } = createTypist()
    const people = ['requester', 'approver', 'stranger'] as const
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
    const say = async (who: Person, line: string) => {
      type(`/as ${who}`)
      type(line)
    }
    const events = () => eventsOf(lines())
    const wordsOf = ({ card }: { card: { title: string; text: string } }) => `${card.title}\n${card.text}`
    const cardsOf = (message: string | null) =>
      events().filter((one) => one.message === message && (one.event === 'post' || one.event === 'edit'))
    const idOf = (who: Person) => `console:${who}`
    return {
      adapter,
      ops: 'ops',
      incidents: 'incidents',
      ids: { requester: idOf('requester'), approver: idOf('approver'), stranger: idOf('stranger') },
      group: null,
      type: say,
      react: (who, message, yes) => say(who, `${yes ? '+' : '-'} ${message}`),
      takeBack: (who, message) => say(who, `~ ${message}`),
      robotReacts: async () => undefined,
      roots: async (channel) =>
        events()
          .filter((one) => one.event === 'post' && one.thread === null && one.channel === channel)
          .map(({ message }) => ({ id: message ?? '', words: cardsOf(message).slice(-1).map(wordsOf).join() })),
      thread: async (channel, message) =>
        events()
          .filter((one) => one.event === 'post' && one.thread === message && one.channel === channel)
          .map(wordsOf),
      offered: async (message) => cardsOf(message).at(-1)?.card.asks === 'approval',
      whispered: async (who) =>
        events()
          .filter(({ to }) => to === idOf(who))
          .map(wordsOf),
      files: async (message) =>
        events().flatMap((one) =>
          one.thread === message && one.file ? [{ name: one.file.name, content: readFileSync(one.file.path) }] : [],
        ),
      problems: () => [],
      close: async () => undefined,
    }
  },
  { groups: false },
)
