import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { castVote, doubtfulNoes, quorumOf, standing } from '../../src/changes/approval.ts'
import type { Change } from '../../src/changes/change.ts'
import { Policy } from '../../src/changes/policy.ts'
import { aChange, actor, aPlan, policy, T0 } from './a-change.ts'

const vote = (name: string, yes = true, given = true) => ({ by: actor(name), yes, given })
const cast = (change: Change, given: Parameters<typeof castVote>[2], rules = policy()) =>
  castVote(change, rules, given, T0)

describe('a vote', () => {
  test('by an approver approves', () => {
    expect(cast(aChange('proposed'), vote('ann'))).toMatchObject({ counted: true, verdict: 'approved' })
  })
  test('by a stranger counts for nothing and says who may approve', () => {
    const ballot = cast(aChange('proposed'), vote('mallory'))
    expect(ballot).toMatchObject({ counted: false, verdict: 'waiting', votes: [] })
    expect(ballot.says).toContain('console:ann')
  })
  test('of the requester does not count, unless the policy says so', () => {
    const rules = policy({ approvers: ['console:olga'] })
    expect(cast(aChange('proposed'), vote('olga'), rules)).toMatchObject({ counted: false, verdict: 'waiting' })
    const own = policy({ approvers: ['console:olga'], selfApproval: true })
    expect(cast(aChange('proposed'), vote('olga'), own)).toMatchObject({ counted: true, verdict: 'approved' })
  })
  test('of a bot never counts, even one that is listed', () => {
    const by = actor('ann', true)
    expect(cast(aChange('proposed'), { by, yes: true, given: true })).toMatchObject({ counted: false })
  })
  test('against it closes the question, also the requester’s own', () => {
    expect(cast(aChange('proposed'), vote('bob', false))).toMatchObject({ verdict: 'denied' })
    expect(cast(aChange('proposed'), vote('olga', false))).toMatchObject({ verdict: 'denied' })
    expect(cast(aChange('proposed'), vote('mallory', false))).toMatchObject({ counted: false, verdict: 'waiting' })
  })
  test('given twice counts once', () => {
    const rules = policy({ quorum: 2 })
    const once = cast(aChange('proposed'), vote('ann'), rules)
    const change = aChange('proposed', { votes: [...once.votes] })
    expect(cast(change, vote('ann'), rules)).toMatchObject({ counted: false, verdict: 'waiting' })
  })
  test('can be taken back before the start, and not after', () => {
    const { votes } = cast(aChange('proposed'), vote('ann'))
    expect(cast(aChange('approved', { votes: [...votes] }), vote('ann', true, false))).toMatchObject({
      counted: true,
      verdict: 'waiting',
      votes: [],
    })
    expect(cast(aChange('arming', { votes: [...votes] }), vote('ann', true, false))).toMatchObject({ counted: false })
  })
})

test('who is on no list at the moment, or cannot be looked up, takes back what they said all the same', () => {
  const { votes } = cast(aChange('proposed'), vote('ann'), policy({ quorum: 2 }))
  const unknown = policy({ quorum: 2, approvers: ['console:bob'] })
  const back = cast(aChange('proposed', { votes: [...votes] }), vote('ann', true, false), unknown)
  expect(back).toMatchObject({ counted: true, votes: [] })
  expect(cast(aChange('proposed', { votes: [...back.votes] }), vote('bob'), policy({ quorum: 2 })).verdict).toBe(
    'waiting',
  )
})

test('a full number of approvals that was not known as such is known when one is said again', () => {
  const rules = policy({ quorum: 2 })
  const { votes } = cast(aChange('proposed'), vote('ann'), rules)
  const halfKnown = cast(
    aChange('proposed', { votes: [...votes] }),
    vote('bob'),
    policy({ quorum: 2, approvers: ['console:bob'] }),
  )
  expect(halfKnown).toMatchObject({ counted: true, verdict: 'waiting' })
  const again = cast(aChange('proposed', { votes: [...halfKnown.votes] }), vote('bob'), rules)
  expect(again).toMatchObject({ counted: true, verdict: 'approved' })
  expect(again.votes).toHaveLength(2)
  // And what is approved stays so, whatever is said again while nobody can be looked up.
  const approved = aChange('approved', { votes: [...again.votes] })
  expect(cast(approved, vote('bob'), policy({ quorum: 2, approvers: ['console:bob'] }))).toMatchObject({
    counted: false,
    repeated: true,
  })
})

test('what was said before, or takes nothing back, is told apart from what does not count', () => {
  const { votes } = cast(aChange('proposed'), vote('ann'), policy({ quorum: 2 }))
  const change = aChange('proposed', { votes: [...votes] })
  const repeated = (given: Parameters<typeof cast>[1]) => cast(change, given, policy({ quorum: 2 })).repeated ?? false
  expect(repeated(vote('ann'))).toBe(true)
  expect(repeated(vote('bob', true, false))).toBe(true)
  expect(repeated(vote('mallory', true, false))).toBe(true)
  expect(repeated(vote('mallory'))).toBe(false)
  expect(repeated(vote('bob'))).toBe(false)
  expect(cast(aChange('arming', { votes: [...votes] }), vote('ann', true, false)).repeated).toBe(false)
})

test('a yes to a plan that was not shown is none, and nothing that anybody has to be told; a no is one', () => {
  const unseen = (given: ReturnType<typeof vote>, change: Change = aChange('proposed')) =>
    cast(change, { ...given, unseen: true })
  expect(unseen(vote('ann'))).toMatchObject({ counted: false, verdict: 'waiting', votes: [], repeated: true })
  expect(unseen(vote('ann', false))).toMatchObject({ counted: true, verdict: 'denied' })
  expect(unseen(vote('ann'), aChange('arming')).says).toContain('arming already')
})

test('a no of somebody who cannot be looked up is kept: it counts once they are known, and of a stranger never', () => {
  const untold = ['whether sue is in a group of the policy could not be looked up: timeout']
  const kept = castVote(aChange('proposed'), policy(), vote('sue', false), T0, untold)
  expect(kept).toMatchObject({ counted: true, verdict: 'waiting', says: expect.stringContaining('sue') })
  const change = aChange('approved', { votes: [...cast(aChange('proposed'), vote('ann')).votes, ...kept.votes] })
  expect(standing(change, policy())).toBe('approved')
  expect(doubtfulNoes(change, policy()).map(({ name }) => name)).toEqual(['sue'])
  const known = policy({ approvers: ['console:ann', 'console:sue'] })
  expect(standing(change, known)).toBe('denied')
  expect(doubtfulNoes(change, known)).toEqual([])
  expect(cast(change, vote('sue', false, false)).votes).toHaveLength(1)
  for (const given of [vote('sue'), { by: actor('sue', true), yes: false, given: true }])
    expect(castVote(aChange('proposed'), policy(), given, T0, untold)).toMatchObject({ counted: false, votes: [] })
})

test('an expired card cannot be approved any more', () => {
  const late = castVote(aChange('proposed'), policy(), vote('ann'), '2026-11-23T09:00:00.000Z')
  expect(late).toMatchObject({ counted: false, verdict: 'waiting', says: expect.stringContaining('expired') })
})

test('a riskier plan takes more people', () => {
  const change = aChange('proposed', { plan: aPlan({ risk: 2 }) })
  expect(quorumOf(change, policy())).toBe(2)
  expect(cast(change, vote('ann'))).toMatchObject({ counted: true, verdict: 'waiting' })
})

test('a vote for another digest does not stand', () => {
  const votes = [{ by: actor('ann'), yes: true, digest: 'another', at: T0 }]
  expect(standing(aChange('proposed', { votes }), policy())).toBe('waiting')
})

test('an approver who was taken off the list no longer stands', () => {
  const { votes } = cast(aChange('proposed'), vote('ann'))
  expect(standing(aChange('approved', { votes: [...votes] }), policy({ approvers: ['console:bob'] }))).toBe('waiting')
})

test('an empty approver list is refused, not taken for everybody', () => {
  expect(Policy.safeParse({ approvers: [] }).success).toBe(false)
})

test('whatever people do, nothing is approved without a quorum of different approvers, none of them the requester', () => {
  const names = fc.constantFrom('ann', 'bob', 'olga', 'mallory')
  const act = fc.record({ name: names, yes: fc.boolean(), given: fc.boolean(), bot: fc.boolean() })
  fc.assert(
    fc.property(fc.array(act, { maxLength: 30 }), fc.integer({ min: 1, max: 3 }), (acts, quorum) => {
      const rules = policy({ quorum })
      let change: Change = aChange('proposed')
      for (const { name, yes, given, bot } of acts) {
        const ballot = cast(change, { by: actor(name, bot), yes, given }, rules)
        change = { ...change, votes: [...ballot.votes] }
        if (ballot.verdict !== 'approved') continue
        const yeas = new Set(change.votes.filter((one) => one.yes).map(({ by }) => by.id))
        expect([...yeas].filter((id) => ['console:ann', 'console:bob'].includes(id)).length).toBeGreaterThanOrEqual(
          quorum,
        )
        expect(change.votes.some((one) => !one.yes)).toBe(false)
      }
    }),
    { numRuns: 2000 },
  )
})
