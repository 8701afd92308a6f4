import { createSlackAdapter } from '../../../adapters/slack/index.ts'
import type { ChatRoom, Person } from '../journey.ts'
import { type Mode, openWorkspace } from './workspace.ts'

const NAMES = { requester: 'olga', approver: 'ann', stranger: 'stranger' } as const
const OWNERS = 'S0OWNERS'
const emojiOf = (yes: boolean) => (yes ? 'white_check_mark' : 'x')

/** A Slack workspace with the real adapter on it, as the journeys see it. */
export async function openSlackRoom(mode: Mode): Promise<ChatRoom> {
  const workspace = await openWorkspace(mode)
  const idOf = (who: Person) => workspace.people[NAMES[who]]
  return {
    adapter: createSlackAdapter(workspace.options()),
    ops: workspace.ops,
    incidents: workspace.incidents,
    ids: {
      requester: `slack:${idOf('requester')}`,
      approver: `slack:${idOf('approver')}`,
      stranger: `slack:${idOf('stranger')}`,
    },
    group: {
      id: `slack:group:${OWNERS}`,
      fill: (people) => {
        workspace.front.state.groups = { [OWNERS]: people.map(idOf) }
      },
    },
    type: async (who, text) => {
      const { status } = await workspace.type(text, NAMES[who])
      if (status !== 200) throw new Error(`the bot answered ${status}`)
    },
    react: (who, message, yes) => workspace.react(NAMES[who], message, emojiOf(yes)),
    takeBack: (who, message, yes) => workspace.takeBack(NAMES[who], message, emojiOf(yes)),
    // Its own reactions stand there already: the same event once more, as if a card were seeded again.
    robotReacts: async (message) => {
      const event = { type: 'reaction_added', user: 'U0LANEKEEPER', reaction: emojiOf(true) }
      const item = { type: 'message', channel: workspace.ops, ts: message }
      await workspace.front.state.onEvent({
        ...{ type: 'event_callback', event_id: 'EvRobot', team_id: 'T000000001' },
        event: { ...event, item },
      })
    },
    roots: async (channel) =>
      (await workspace.messages(channel))
        .filter(({ ts, thread_ts }) => thread_ts === undefined || thread_ts === ts)
        .map(({ ts, words }) => ({ id: ts, words })),
    thread: async (channel, message) => (await workspace.messages(channel, message)).slice(1).map(({ words }) => words),
    offered: async (message) => (await workspace.message(message))?.reactions.length === 2,
    whispered: async (who) => workspace.whispers(NAMES[who]),
    files: (message) => workspace.files(message),
    problems: () => workspace.front.problems,
    close: () => workspace.close(),
  }
}
