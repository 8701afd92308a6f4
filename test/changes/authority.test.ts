import { describe, expect, test } from 'vitest'
import { lacks, policyFor, type Rank } from '../../src/changes/authority.ts'
import type { Policy } from '../../src/changes/policy.ts'
import { actor, policy } from './a-change.ts'

const ann = actor('ann')
const olga = actor('olga')
const vera = actor('vera')
const bot = actor('beep', true)
const ranks: readonly Rank[] = ['viewer', 'operator', 'approver']
const held = (given: Partial<Policy>, who = olga) => ranks.filter((rank) => !lacks(policy(given), who, rank))

describe('a rank', () => {
  test.each([
    ['lists that are not given are open to everybody, but approving never is', {}, olga, ['viewer', 'operator']],
    ['an approver may do all', { viewers: [], operators: [] }, ann, ['viewer', 'operator', 'approver']],
    ['an operator may look', { viewers: [], operators: ['console:olga'] }, olga, ['viewer', 'operator']],
    ['an empty list is nobody', { viewers: [], operators: [] }, olga, []],
    ['a viewer may look only', { viewers: ['console:vera'], operators: [] }, vera, ['viewer']],
    [
      'where viewers are named and operators are not, a viewer may ask',
      { viewers: ['console:vera'] },
      vera,
      ['viewer', 'operator'],
    ],
    ['and nobody else may', { viewers: ['console:vera'] }, olga, []],
    ['an operator need not be a viewer', { viewers: [], operators: null }, ann, ['viewer', 'operator', 'approver']],
    ['names are not ids', { viewers: ['olga'], operators: ['olga'] }, olga, []],
    ['bots have none', {}, bot, []],
  ] as const)('%s', (_, given, who, expected) => {
    expect(held(given as unknown as Partial<Policy>, who)).toEqual(expected)
  })

  test('a refusal names whom to ask', () => {
    expect(lacks(policy(), olga, 'approver')).toEqual({
      refused: 'olga (console:olga) is not on the approver list, so this changes nothing',
      hint: 'Ask one of: console:ann, console:bob.',
    })
  })
})

describe('groups', () => {
  const given = policy({ approvers: ['slack:group:S1', 'console:bob'], operators: ['discord:role:7'] })
  const sue = { id: 'slack:U1', name: 'sue', bot: false }

  test('count for those who are in them at this moment, by their ids', async () => {
    const asked: unknown[] = []
    const { policy: now, untold } = await policyFor(given, [sue, sue, olga], async (person, among) => {
      asked.push([person.id, ...among])
      return person.id === 'slack:U1' ? ['slack:group:S1'] : []
    })
    expect(asked).toEqual([
      ['slack:U1', 'discord:role:7', 'slack:group:S1'],
      ['console:olga', 'discord:role:7', 'slack:group:S1'],
    ])
    expect(untold).toEqual([])
    expect(lacks(now, sue, 'approver')).toBeUndefined()
    expect(lacks(now, olga, 'approver')).toBeDefined()
    expect(lacks(now, { ...sue, bot: true }, 'approver')).toBeDefined()
  })

  test('that cannot be looked up count for nobody, and it is said', async () => {
    const { policy: now, untold } = await policyFor(given, [sue], async () => {
      throw new Error('missing_scope')
    })
    expect(lacks(now, sue, 'approver')).toBeDefined()
    expect(untold).toEqual(['whether sue is in a group of the policy could not be looked up: missing_scope'])
  })

  test('are not asked about where the policy names none', async () => {
    const { policy: now } = await policyFor(policy(), [sue], async () => {
      throw new Error('asked')
    })
    expect(now).toEqual(policy())
  })

  test('a group id given as a person’s is nobody', () => {
    expect(lacks(given, { id: 'slack:group:S2', name: 'x', bot: false }, 'approver')).toBeDefined()
  })
})
