import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Change, type State } from '../../src/changes/change.ts'
import { type ChangeEvent, transition } from '../../src/changes/transition.ts'
import { isRefusal } from '../../src/errors.ts'
import { aChange, aPlan, before, OLD_BOOT, TRIAL_BOOT } from './a-change.ts'

const AT = '2026-11-22T10:00:00.000Z'
const because = 'a reason'

const events: Record<ChangeEvent['type'], ChangeEvent> = {
  voted: { type: 'voted', votes: [], verdict: 'approved', says: 'Approved.' },
  expired: { type: 'expired' },
  cancelled: { type: 'cancelled', by: 'olga' },
  stale: { type: 'stale', because },
  refused: { type: 'refused', because },
  cleared: { type: 'cleared', before },
  armed: { type: 'armed' },
  failed: { type: 'failed', because },
  announced: { type: 'announced' },
  'came-up': { type: 'came-up', bootId: TRIAL_BOOT },
  reverted: { type: 'reverted', because },
  well: { type: 'well', at: AT },
  'not-well-yet': { type: 'not-well-yet', because },
  proved: { type: 'proved' },
  'not-cured': { type: 'not-cured', because },
  kept: { type: 'kept', remains: null },
  'not-kept': { type: 'not-kept', because },
  'went-back': { type: 'went-back' },
  stuck: { type: 'stuck', because },
}

/** Every arrow there is; what is not here is refused. */
const arrows: Record<State, Partial<Record<ChangeEvent['type'], string>>> = {
  proposed: { voted: 'approved', expired: 'expired', cancelled: 'cancelled', stale: 'stale' },
  approved: { voted: 'approved', cancelled: 'cancelled', stale: 'stale', refused: 'refused', cleared: 'arming' },
  arming: { 'came-up': 'verifying', armed: 'armed', failed: 'failed', stuck: 'stuck' },
  armed: { 'came-up': 'verifying', announced: 'rebooting', failed: 'failed', stuck: 'stuck' },
  rebooting: { 'came-up': 'verifying', reverted: 'reverted', failed: 'failed', stuck: 'stuck' },
  verifying: {
    well: 'verifying',
    'not-well-yet': 'verifying',
    proved: 'committing',
    'not-cured': 'going-back',
    reverted: 'reverted',
    stuck: 'stuck',
  },
  committing: { kept: 'done', 'not-kept': 'going-back', reverted: 'reverted', stuck: 'stuck' },
  mending: { kept: 'done', 'not-kept': 'going-back', stuck: 'stuck' },
  'going-back': { 'went-back': 'undone', stuck: 'stuck' },
  closed: {},
}

describe.each(Object.keys(arrows) as State[])('a change that is %s', (state) => {
  test.each(Object.values(events))('takes or refuses $type', (event) => {
    const change = aChange(state)
    const next = transition(change, event, AT)
    const expected = arrows[state][event.type]
    if (expected === undefined) {
      expect(next).toMatchObject({ refused: expect.stringContaining(state) })
      return
    }
    if (isRefusal(next)) throw new Error(next.refused)
    expect(next.state === 'closed' ? next.outcome : next.state).toBe(expected)
    expect(next.version).toBe(change.version + 1)
    expect(() => Change.parse(next)).not.toThrow()
  })
})

test('a change that no boot has to try goes from its preparation to being done', () => {
  const inPlace = aChange('arming', { plan: aPlan({ reboot: false, revert: 'undo', trial: null }) })
  const next = transition(inPlace, events.armed, AT)
  expect(next).toMatchObject({ state: 'mending', oldBootId: OLD_BOOT, trialBootId: OLD_BOOT })
  expect(() => Change.parse(next)).not.toThrow()
})

test('a boot that is the old one is no trial boot', () => {
  expect(transition(aChange('rebooting'), { type: 'came-up', bootId: OLD_BOOT }, AT)).toHaveProperty('refused')
})

test('going back from the commit knows that files may have been written', () => {
  expect(transition(aChange('committing'), events['not-kept'], AT)).toMatchObject({ touched: true })
  expect(transition(aChange('verifying'), events['not-cured'], AT)).toMatchObject({ touched: false })
})

test('an approval that was withdrawn puts the card back to proposed', () => {
  const change = aChange('approved')
  const next = transition(change, { type: 'voted', votes: [], verdict: 'waiting', says: 'Taken back.' }, AT)
  expect(next).toMatchObject({ state: 'proposed' })
})

test('no sequence of events leaves closed, skips the trial, or makes an invalid record', () => {
  const anyEvent = fc.constantFrom(...Object.values(events))
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 40 }), (sequence) => {
      let change: Change = aChange('proposed', {})
      const seen: string[] = []
      for (const event of sequence) {
        const next = transition(change, event, AT)
        if (isRefusal(next)) continue
        expect(change.state).not.toBe('closed')
        change = Change.parse(next)
        seen.push(change.state === 'closed' ? change.outcome : change.state)
      }
      // Who reboots the node meanwhile has it in the trial without our announcement; nothing skips the check of it.
      if (seen.at(-1) === 'done') {
        expect(seen).toEqual(expect.arrayContaining(['arming', 'verifying', 'committing']))
        expect(seen.indexOf('verifying')).toBeLessThan(seen.lastIndexOf('committing'))
      }
    }),
    { numRuns: 2000 },
  )
})
