import { afterAll, beforeAll, expect } from 'vitest'
import { createSlackAdapter } from '../../../adapters/slack/index.ts'
import { chatAdapterContract } from '../chat-adapter.contract.ts'
import { type Mode, openWorkspace, type Workspace } from './workspace.ts'

for (const mode of ['http', 'socket'] satisfies Mode[]) {
  let workspace: Workspace
  beforeAll(async () => {
    workspace = await openWorkspace(mode)
  })
  afterAll(async () => {
    await workspace.close()
    expect(workspace.front.problems).toEqual([])
  })

  chatAdapterContract(`Slack, ${mode}`, async () => {
    workspace.front.state.fault = undefined
    workspace.front.calls.length = 0
    workspace.front.state.groups = { S0OWNERS: [workspace.people.ann], S0OTHERS: [workspace.people.bob] }
    workspace.front.state.mentions = `<@${workspace.people.ann}> <!subteam^S0OWNERS>`
    const ann = `slack:${workspace.people.ann}`
    let last = ''
    return {
      adapter: createSlackAdapter(workspace.options()),
      channel: workspace.ops,
      groups: { person: ann, in: 'slack:group:S0OWNERS', notIn: 'slack:group:S0OTHERS' },
      calls: [
        [ann, `<@${workspace.people.ann}>`],
        ['slack:group:S0OWNERS', '<!subteam^S0OWNERS>'],
      ],
      shown: async (message) => (await workspace.message(message))?.words,
      attached: (message) => workspace.files(message),
      whispered: async (id) =>
        Object.entries(workspace.people).flatMap(([name, user]) =>
          `slack:${user}` === id ? workspace.whispers(name as 'olga') : [],
        ),
      type: async (text) => void (await workspace.type(text)),
      react: (message, yes) => {
        last = yes ? 'white_check_mark' : 'x'
        return workspace.react('ann', message, last)
      },
      takeBack: (message) => workspace.takeBack('ann', message, last),
      cut: () => {
        workspace.front.state.fault = () => ({ status: 503 })
      },
    }
  })
}
