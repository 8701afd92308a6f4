import { describe, expect, test, vi } from 'vitest'
import { commands } from '../../commands/index.ts'
import type { Actor } from '../../src/changes/change.ts'
import { defineCommand } from '../../src/chat/command.ts'
import { didYouMean, nearest } from '../../src/chat/nearest.ts'
import { parseLine } from '../../src/chat/parse.ts'
import { createRouter } from '../../src/chat/router.ts'
import { words } from '../../src/chat/words.ts'
import type { Core } from '../../src/core.ts'
import { approver, operator } from '../cards/samples.ts'
import { createFakeAdapter } from './fake-adapter.ts'
import { createFakeCore } from './fake-core.ts'

const broken = defineCommand({
  name: 'broken',
  summary: '',
  usage: '',
  example: 'broken',
  completes: [],
  needs: 'viewer',
  args: words([]),
  run: async () => {
    throw new TypeError('x is undefined')
  },
})

function rig(changeOn: () => { id: string; kind: 'card' | 'incident' } | undefined = () => undefined) {
  const { core } = createFakeCore({ tell: () => undefined })
  const vote = vi.fn<Core['vote']>(async () => ({ counted: false, says: 'not you' }))
  const { adapter, said } = createFakeAdapter()
  const error = vi.fn()
  const notifier = { shows: vi.fn(async () => undefined), found: vi.fn(), changeOn: async () => changeOn() }
  const router = createRouter({
    core: { ...core, vote },
    commands: [...commands, broken],
    notifier,
    log: { error },
    newId: () => 'e1',
  })
  const receive = router.receive(adapter)
  const type = (text: string, by: Actor = operator) => receive({ kind: 'command', text, by, channel: 'ops' })
  const react = (by: Actor = approver, given = true) =>
    receive({
      kind: 'reaction',
      yes: true,
      given,
      by,
      on: { adapter: 'fake', channel: 'ops', message: 'm1', thread: null },
    })
  return { type, react, said, vote, error, notifier }
}

test.each([
  ['/pcie diagnose node3', 'diagnose', ['node3']],
  ['  /PCIE   Diagnose  node3   vm:101 ', 'diagnose', ['node3', 'vm:101']],
  ['pcie status', 'status', []],
  ['diagnose node3', 'diagnose', ['node3']],
  ['/diagnose node3', 'diagnose', ['node3']],
  ['/pcie', 'help', []],
  ['', 'help', []],
])('"%s" is the command %s', (text, name, rest) => expect(parseLine(text)).toEqual({ name, words: rest }))

describe('the nearest name', () => {
  test.each([
    ['diagnos', 'diagnose'],
    ['diganose', 'diagnose'],
    ['stats', 'status'],
    ['hist', 'history'],
  ])('to "%s" is %s', (typed, name) => expect(nearest(typed, ['diagnose', 'status', 'history', 'help'])[0]).toBe(name))
  test('is none when nothing is close', () => expect(didYouMean('xyzzy', ['diagnose', 'status'])).toBeUndefined())
})

describe('a command', () => {
  test('that does not exist names the nearest, privately', async () => {
    const { type, said } = rig()
    await type('/pcie diganose node3')
    expect(said).toMatchObject([
      { what: 'whisper', text: 'there is no command "diganose".\n\nWhat to do: did you mean diagnose?' },
    ])
  })
  test.each([
    ['/pcie diagnose', 'expected a node, got nothing'],
    ['/pcie diagnose node3 gpu', 'expected a target like vm:101 or device:01:00.0, got "gpu"'],
    ['/pcie nodes please', 'expected no word(s), got 1: please'],
    ['/pcie history lots', 'expected a number from 1 to 100, got lots'],
    ['/pcie approve', 'expected a change, got nothing'],
  ])('typed as "%s" is answered with what was expected, what came and an example', async (text, problem) => {
    const { type, said } = rig()
    await type(text)
    expect(said[0]).toMatchObject({ what: 'whisper' })
    expect(said[0]?.text).toContain(problem)
    expect(said[0]?.text).toContain(`Got       ${text}`)
    expect(said[0]?.text).toMatch(/Example {3}\/pcie \w+/)
  })
  test('whose node is unknown names the nearest', async () => {
    const { type, said } = rig()
    await type('/pcie diagnose nod3')
    expect(said[0]?.text).toContain('did you mean node')
  })
  test('that fails puts the error in the place of its progress card', async () => {
    const { type, said, error } = rig()
    await type('/pcie diagnose node9')
    expect(said.map(({ what, message }) => [what, message])).toEqual([
      ['post', 'fake-1'],
      ['edit', 'fake-1'],
    ])
    expect(said[1]?.text).toBe('node9 (10.0.0.9:22) did not answer within 10 s\n\nWhat to do: is it up?')
    expect(error).not.toHaveBeenCalled()
  })
  test('with a bug shows an id and logs the stack under it', async () => {
    const { type, said, error } = rig()
    await type('/pcie broken')
    expect(said[0]?.text).toContain('under e1')
    expect(error).toHaveBeenCalledWith(
      expect.objectContaining({ id: 'e1', err: expect.any(TypeError) }),
      'internal error',
    )
  })
  test('of a bot is not served', async () => {
    const { type, said } = rig()
    await type('/pcie nodes', { ...operator, bot: true })
    expect(said).toEqual([])
  })
})

describe('a reaction', () => {
  test('on a card goes to the vote; one that does not count is answered privately', async () => {
    const { react, said, vote } = rig(() => ({ id: 'c1', kind: 'card' }))
    await react()
    expect(vote).toHaveBeenCalledWith('c1', { by: approver, yes: true, given: true, unseen: false })
    expect(said).toMatchObject([{ what: 'whisper', message: 'console:approver', text: 'not you' }])
  })
  test('on an incident message never votes, and says where to', async () => {
    const { react, said, vote } = rig(() => ({ id: 'c1', kind: 'incident' }))
    await react()
    expect(vote).not.toHaveBeenCalled()
    expect(said[0]?.text).toContain('/pcie status c1')
  })
  test('that was given before, or takes nothing back, is answered by nothing', async () => {
    const { react, said, vote } = rig(() => ({ id: 'c1', kind: 'card' }))
    vote.mockResolvedValue({ counted: false, says: 'You have said so already.', repeated: true })
    await react()
    await react(approver, false)
    expect(vote).toHaveBeenCalledTimes(2)
    expect(said).toEqual([])
    const incident = rig(() => ({ id: 'c1', kind: 'incident' }))
    await incident.react(approver, false)
    expect(incident.said).toEqual([])
  })
  test('of a bot, or on any other message, does nothing', async () => {
    const bot = rig(() => ({ id: 'c1', kind: 'card' }))
    await bot.react({ ...approver, bot: true })
    const other = rig()
    await other.react()
    expect([bot.vote.mock.calls, bot.said, other.vote.mock.calls, other.said]).toEqual([[], [], [], []])
  })
})

test('a blocker that a diagnosis found is handed to the notifier', async () => {
  const { type, notifier } = rig()
  await type('/pcie diagnose NODE3')
  expect(notifier.found).toHaveBeenCalledOnce()
  expect(notifier.shows).toHaveBeenCalledOnce()
})
