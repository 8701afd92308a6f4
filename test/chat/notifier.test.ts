import { describe, expect, test, vi } from 'vitest'
import { reportCard } from '../../src/cards/report-card.ts'
import type { Change } from '../../src/changes/change.ts'
import { CardRecord } from '../../src/chat/card-record.ts'
import type { Later } from '../../src/chat/lanes.ts'
import { createNotifier } from '../../src/chat/notifier.ts'
import { OperatorError } from '../../src/errors.ts'
import { createMemoryStore } from '../../src/store/memory-store.ts'
import { change, diagnosis, policy } from '../cards/samples.ts'
import { createFakeAdapter, type Said } from './fake-adapter.ts'

/** Ten times faster than the clock on the wall, so that back-off does not hold the tests up. */
const hurry: Later = (ms, run) => {
  const timer = setTimeout(run, ms / 50)
  return () => clearTimeout(timer)
}

const card = { adapter: 'fake', channel: 'ops', message: 'card', thread: null }
const log = (...says: string[]) => says.map((one) => ({ at: '2026-11-22T09:00:00Z', says: one }))

function rig(fail?: (what: Said) => boolean | Error, cards = createMemoryStore(CardRecord)) {
  const { adapter, said } = createFakeAdapter('fake', fail)
  const warn = vi.fn()
  const notifier = createNotifier({
    adapters: [adapter],
    cards,
    incidentChannels: [{ adapter: 'fake', channel: 'incidents' }],
    policy,
    log: { warn },
    wait: hurry,
  })
  const shows = (one: Change) => notifier.shows(one, card, reportCard(diagnosis))
  const texts = (channel: string) => said.filter((one) => one.channel === channel && one.thread).map(({ text }) => text)
  return { notifier, said, cards, warn, shows, texts }
}

const proposed = change('proposed', { log: log('proposed') })
const approved = change('approved', { version: 2, log: log('proposed', 'approved by approver') })
const arming = change('arming', { version: 3, log: log('proposed', 'approved by approver', 'preparing') })

test('a step edits the card in place, stands in its thread, and is told to the incident channel', async () => {
  const { notifier, said, shows, texts } = rig()
  notifier.changed(proposed, null)
  await shows(proposed)
  notifier.changed(approved, proposed)
  await expect.poll(() => texts('ops')).toEqual(['approved by approver'])
  await expect.poll(() => texts('incidents')).toEqual(['approved by approver'])
  const edits = said.filter(({ what, message }) => what === 'edit' && message === 'card')
  expect(edits.map((one) => one.card.change?.state)).toEqual(['proposed', 'approved'])
  expect(edits[0]?.card.asks).toBe('approval')
  expect(
    said.filter(({ what, channel, thread }) => what === 'post' && channel === 'incidents' && !thread),
  ).toHaveLength(1)
})

test('what could not be delivered is tried again, in order, and holds nothing up', async () => {
  let down = false
  const { notifier, shows, texts, warn } = rig(() => down)
  await shows(proposed)
  down = true
  expect(notifier.changed(approved, proposed)).toBeUndefined()
  notifier.changed(arming, approved)
  await expect.poll(() => warn.mock.calls.length).toBeGreaterThan(1)
  down = false
  await expect.poll(() => texts('ops')).toEqual(['approved by approver', 'preparing'])
})

test('a card that cannot be edited does not hold its steps back', async () => {
  const { notifier, shows, texts } = rig(({ what, message }) => what === 'edit' && message === 'card')
  await shows(proposed)
  notifier.changed(approved, proposed)
  await expect.poll(() => texts('ops')).toEqual(['approved by approver'])
})

test('the rescue text is acknowledged before it resolves, once per place however often it is asked for', async () => {
  const { notifier, said, shows } = rig()
  await shows(proposed)
  const armed = change('armed', { version: 4, log: log('proposed') })
  await notifier.rescue(armed)
  await notifier.rescue(armed)
  const rescues = said.filter(({ text }) => text.includes('undo.sh'))
  expect(rescues.map(({ channel }) => channel).toSorted()).toEqual(['incidents', 'ops'])
})

test('the rescue rejects when no chat takes it, and one chat that takes it is enough', async () => {
  const { notifier, shows } = rig(({ text }) => text.includes('undo.sh'))
  await shows(proposed)
  await expect(notifier.rescue(change('armed', { version: 4 }))).rejects.toThrow(
    'no chat took the rescue text: fake is down',
  )
  const half = rig(({ text, channel }) => text.includes('undo.sh') && channel === 'ops')
  await half.shows(proposed)
  await expect.poll(() => half.said.some(({ channel }) => channel === 'incidents')).toBe(true)
  await expect(half.notifier.rescue(change('armed', { version: 4 }))).resolves.toBeUndefined()
})

test('the bot’s own terminal takes the rescue for nobody where a chat is to take it', async () => {
  const [chat, room] = [createFakeAdapter('fake', ({ text }) => text.includes('undo.sh')), createFakeAdapter('console')]
  const notifier = createNotifier({
    adapters: [chat.adapter, room.adapter],
    cards: createMemoryStore(CardRecord),
    incidentChannels: [{ adapter: 'console', channel: 'incidents' }],
    policy,
    log: { warn: vi.fn() },
    wait: hurry,
  })
  await notifier.shows(proposed, card, reportCard(diagnosis))
  await expect.poll(() => room.said.length).toBeGreaterThan(0)
  await expect(notifier.rescue(change('armed', { version: 4 }))).rejects.toThrow('no chat took the rescue text')
  expect(room.said.filter(({ text }) => text.includes('undo.sh'))).toHaveLength(1)
})

test('who is heard out is who may have reacted on a card; a chat that is no more is left out', async () => {
  const chat = createFakeAdapter('fake').adapter
  const asked: string[] = []
  const hearOut = async ({ message }: { message: string }) => {
    asked.push(message)
    if (asked.length > 1) throw new Error('fake is down')
  }
  const cards = createMemoryStore(CardRecord)
  const parts = { cards, incidentChannels: [{ adapter: 'fake', channel: 'incidents' }], policy, log: { warn: vi.fn() } }
  const notifier = createNotifier({ ...parts, adapters: [{ ...chat, hearOut }], wait: hurry })
  await notifier.shows(proposed, card, reportCard(diagnosis))
  await expect.poll(async () => (await cards.get('c1'))?.places.length).toBe(2)
  await notifier.hearOut(proposed)
  expect(asked).toEqual(['card'])
  await expect(notifier.hearOut(proposed)).rejects.toThrow('fake is down')
  await createNotifier({ ...parts, adapters: [], wait: hurry }).hearOut(proposed)
})

test('after a restart the cards are brought up to date, and only what was not told is told', async () => {
  const first = rig()
  await first.shows(proposed)
  first.notifier.changed(approved, proposed)
  await expect.poll(() => first.texts('incidents')).toEqual(['approved by approver'])
  await expect.poll(() => first.texts('ops')).toEqual(['approved by approver'])
  const second = rig(undefined, first.cards)
  await second.notifier.resume([arming])
  await expect.poll(() => second.texts('ops')).toEqual(['preparing'])
  await expect.poll(() => second.texts('incidents')).toEqual(['preparing'])
  expect(second.said.filter(({ what, message }) => what === 'edit' && message === 'card')).toHaveLength(1)
  expect(await second.notifier.changeOn(card)).toEqual({ id: 'c1', kind: 'card' })
})

test('the findings stay on the card over a restart', async () => {
  const first = rig()
  await first.shows(proposed)
  const second = rig(undefined, first.cards)
  await second.notifier.resume([arming])
  expect(second.said.find(({ message }) => message === 'card')?.text).toContain(diagnosis.report.verdict.says)
})

test('a blocker is told once, and the change that follows takes its message over', async () => {
  const { notifier, said, shows } = rig()
  notifier.found(diagnosis)
  notifier.found(diagnosis)
  await shows(proposed)
  await expect
    .poll(() => said.filter(({ channel }) => channel === 'incidents').map(({ what }) => what))
    .toEqual(['post', 'edit', 'post'])
  const [found, edit] = said.filter(({ channel }) => channel === 'incidents')
  expect(found?.card.title).toContain('blocker found')
  expect(edit?.message).toBe(found?.message)
})

describe('what the bot noticed by itself', () => {
  const aMoment = () => new Promise((resolve) => setTimeout(resolve, 20))
  const incidents = (said: readonly Said[]) => said.filter(({ channel }) => channel === 'incidents')
  const fine = { ...diagnosis, report: { ...diagnosis.report, results: [] } }

  test('is told at once; the cause takes the message over; the same again is told to nobody', async () => {
    const { notifier, said } = rig()
    for (let times = 0; times < 3; times++) {
      notifier.noticed('node3', 'vm:101', `Guest 101 did not start, ${times}`)
      await aMoment()
      notifier.found(diagnosis, `Guest 101 did not start, ${times}`)
      await aMoment()
    }
    const [first, second, ...more] = incidents(said)
    expect([first?.card.title, second?.card.title]).toEqual([
      'node3, vm:101: looking why it did not start …',
      'node3, vm:101: blocker found',
    ])
    expect(second).toMatchObject({ what: 'edit', message: first?.message })
    expect(second?.text).toContain('Guest 101 did not start, 0.')
    expect(more).toEqual([])
  })

  test('and is no matter of passthrough, is said so, once', async () => {
    const { notifier, said } = rig()
    for (let times = 0; times < 3; times++) {
      notifier.noticed('node3', 'vm:101', 'Guest 101 did not start')
      await aMoment()
      notifier.found(fine, 'Guest 101 did not start')
      await aMoment()
    }
    expect(incidents(said).map(({ what, card }) => [what, card.title])).toEqual([
      ['post', 'node3, vm:101: looking why it did not start …'],
      ['edit', 'node3, vm:101: passthrough is not the reason'],
    ])
  })

  test('and cannot be looked into, is told with the reason in the place of the message', async () => {
    const { notifier, said } = rig()
    notifier.noticed('node3', 'vm:101', 'Guest 101 did not start')
    await aMoment()
    notifier.unseen('node3', 'vm:101', 'Guest 101 did not start', { refused: 'node3 is away', hint: 'look at it' })
    await aMoment()
    const [first, second] = incidents(said)
    expect(second).toMatchObject({ what: 'edit', message: first?.message })
    expect(second?.text).toMatch(/Guest 101 did not start\.[\s\S]*node3 is away\.\nWhat to do: look at it/)
  })

  test('is told of each guest, and another cause is a new message', async () => {
    const { notifier, said } = rig()
    notifier.noticed('node3', 'vm:101', 'Guest 101 did not start')
    notifier.noticed('node3', 'vm:102', 'Guest 102 did not start')
    await aMoment()
    notifier.found(diagnosis, 'Guest 101 did not start')
    await aMoment()
    const { report } = diagnosis
    notifier.found({ ...diagnosis, report: { ...report, verdict: { ...report.verdict, cause: 'another' } } }, 'again')
    await expect
      .poll(() =>
        incidents(said)
          .map(({ what }) => what)
          .toSorted(),
      )
      .toEqual(['edit', 'post', 'post', 'post'])
  })
})

test('a healthy node is told to nobody', async () => {
  const { notifier, said } = rig()
  notifier.found({ ...diagnosis, report: { ...diagnosis.report, results: [] } })
  await notifier.stop()
  expect(said).toEqual([])
})

test('stop delivers what waits, and gives up what cannot be delivered', async () => {
  let down = true
  const { notifier, said } = rig(() => down)
  notifier.found(diagnosis)
  await expect.poll(() => down).toBe(true)
  down = false
  await notifier.stop()
  expect(said.map((one) => one.card.title)).toEqual(['node3, vm:101: blocker found'])
  const never = rig(() => true)
  never.notifier.found(diagnosis)
  await never.notifier.stop()
})

test('people are called when a change waits for a decision and when it is stuck, in the incident channel, and at no other step', async () => {
  const { adapter, said } = createFakeAdapter('fake')
  const calls = ['slack:group:S1']
  const parts = { adapters: [adapter], cards: createMemoryStore(CardRecord), log: { warn: vi.fn() }, wait: hurry }
  const incidentChannels = [{ adapter: 'fake', channel: 'incidents' }]
  const notifier = createNotifier({ ...parts, incidentChannels, policy: { ...policy, calls } })
  const called = () => said.filter((one) => one.card.calls).map((one) => [one.what, one.channel, one.card.calls])
  notifier.changed(proposed, null)
  await notifier.shows(proposed, card, reportCard(diagnosis))
  await expect.poll(called).toEqual([['post', 'incidents', calls]])
  notifier.changed(approved, proposed)
  notifier.changed(arming, approved)
  await expect
    .poll(() => said.filter(({ what, text }) => what === 'post' && text.includes('preparing')))
    .toHaveLength(2)
  expect(called()).toHaveLength(1)
  const stuck = change('closed', { version: 4, outcome: 'stuck', log: [...arming.log, ...log('A person is needed')] })
  notifier.changed(stuck, arming)
  await expect.poll(called).toHaveLength(3)
  expect(called().slice(1).toSorted()).toEqual([
    ['post', 'incidents', calls],
    ['post', 'ops', ['console:operator']],
  ])
})

describe('a card that is not there any more', () => {
  const deleted = () => new OperatorError('not-found', 'the message was deleted', { hint: '/pcie status shows it' })
  test('is not tried again, is told once in the log with what to do, and its steps are told all the same', async () => {
    const edits: Said[] = []
    const { notifier, shows, texts, warn } = rig((one) => {
      if (one.what !== 'edit' || one.message !== 'card') return false
      edits.push(one)
      return deleted()
    })
    await shows(proposed)
    notifier.changed(approved, proposed)
    await expect.poll(() => texts('ops')).toEqual(['approved by approver'])
    notifier.changed(arming, approved)
    await expect.poll(() => texts('ops')).toEqual(['approved by approver', 'preparing'])
    await expect.poll(() => texts('incidents')).toEqual(['approved by approver', 'preparing'])
    await notifier.stop()
    const perState = new Map(edits.map((one) => [one.card.change?.state, one]))
    expect(edits.length).toBeLessThanOrEqual(perState.size + 1)
    expect(warn.mock.calls).toEqual([
      [
        { lane: 'c1 fake/ops/card', because: 'the message was deleted', hint: '/pcie status shows it' },
        'a card is not there any more',
      ],
    ])
  })
  test('is found again when it comes back', async () => {
    let gone = true
    const { notifier, said, shows } = rig(
      ({ what, message }) => gone && what === 'edit' && message === 'card' && deleted(),
    )
    await shows(proposed)
    gone = false
    notifier.changed(approved, proposed)
    await expect
      .poll(() => said.filter(({ what, message }) => what === 'edit' && message === 'card'))
      .toMatchObject([{ card: { change: { state: 'approved' } } }])
  })
  test('while a channel that cannot be written to is tried again: somebody may let the bot in', async () => {
    let out = true
    const { notifier, shows, texts, warn } = rig(
      ({ what, channel }) =>
        out &&
        what === 'post' &&
        channel === 'incidents' &&
        new OperatorError('not-found', 'the bot is not in that channel', { hint: 'type /invite @lanekeeper there' }),
    )
    await shows(proposed)
    notifier.changed(approved, proposed)
    await expect.poll(() => warn.mock.calls.length).toBeGreaterThan(2)
    expect(warn.mock.calls[0]?.[0]).toMatchObject({ hint: 'type /invite @lanekeeper there' })
    out = false
    await expect.poll(() => texts('incidents')).toEqual(['approved by approver'])
  })
})

test('the card names the signs of the configuration', async () => {
  const { adapter, said } = createFakeAdapter('fake')
  const parts = { adapters: [adapter], cards: createMemoryStore(CardRecord), log: { warn: vi.fn() }, wait: hurry }
  const notifier = createNotifier({ ...parts, incidentChannels: [], policy, reactions: { yes: '👍', no: '🛑' } })
  await notifier.shows(proposed, card, reportCard(diagnosis))
  expect(said[0]?.text).toContain('React 👍 on this message to approve, 🛑 to deny')
  expect(said[0]?.text).not.toMatch(/✅|❌/)
})
