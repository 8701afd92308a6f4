import { describe, expect, test } from 'vitest'
import { diagnose } from '../../src/diagnosis/diagnose.ts'
import { type Answer, defineRule, type Finding, type Rule, type Severity } from '../../src/diagnosis/rule.ts'
import type { Facts } from '../../src/facts/facts.ts'

const visit = { node: 'node1', target: null, takenAt: '2026-11-22T09:00:00Z' }
const found = (severity: Severity, rest: Partial<Finding> = {}): Finding => ({
  severity,
  devices: [],
  evidence: [{ saw: 'seen', probe: 'uname' }],
  remedies: [],
  ...rest,
})
const rule = (id: string, answer: Answer | Error, rest: Partial<Parameters<typeof defineRule>[0]> = {}): Rule =>
  defineRule({
    id,
    title: `Title of ${id}`,
    why: 'Why.',
    fix: 'Fix.',
    needs: [],
    ...rest,
    check: () => {
      if (answer instanceof Error) throw answer
      return answer
    },
  })
const run = (rules: Rule[], facts: Facts = {}) => diagnose(rules, facts, visit)
const statuses = (rules: Rule[]) => Object.fromEntries(run(rules).results.map((one) => [one.rule.id, one.status]))

describe('results', () => {
  test('keep the order of the list and the facts of the visit', () => {
    const report = run([rule('b', 'ok'), rule('a', found('notice'))])
    expect(report.results.map(({ rule }) => rule.id)).toEqual(['b', 'a'])
    expect(report).toMatchObject(visit)
  })
  test('a rule whose facts are missing is unknown and names them, without being asked', () => {
    const [one] = run([rule('a', new Error('asked'), { needs: ['uname', 'cpu'] })], { uname: '6.8.12-4-pve' }).results
    expect(one).toMatchObject({ status: 'unknown', missing: ['cpu'] })
  })
  test('a rule that throws has crashed, and the visit goes on', () => {
    expect(statuses([rule('a', new Error('bug')), rule('b', 'ok')])).toEqual({ a: 'crashed', b: 'ok' })
  })
  test('a finding without evidence is a bug of its rule', () => {
    expect(statuses([rule('a', found('blocker', { evidence: [] }))])).toEqual({ a: 'crashed' })
  })
})

describe('muting', () => {
  test('a blocker mutes what it explains, which keeps its evidence', () => {
    const { results } = run([rule('cause', found('blocker')), rule('b', found('blocker'), { mutedBy: ['cause'] })])
    expect(results[1]).toMatchObject({ status: 'muted', by: 'cause', evidence: [{ saw: 'seen' }] })
  })
  test('a warning, and what was not found, mute nothing', () => {
    const mutedBy = ['warning', 'fine', 'absent']
    expect(
      statuses([rule('warning', found('warning')), rule('fine', 'ok'), rule('b', found('blocker'), { mutedBy })]),
    ).toMatchObject({ b: 'found' })
  })
  test('the root is named, through a cause that is muted itself, wherever it stands in the list', () => {
    const { results, verdict } = run([
      rule('effect', found('blocker'), { mutedBy: ['middle'] }),
      rule('middle', found('blocker'), { mutedBy: ['root'] }),
      rule('root', found('blocker')),
    ])
    expect(results.map((one) => (one.status === 'muted' ? one.by : one.status))).toEqual(['root', 'root', 'found'])
    expect(verdict.cause).toBe('root')
  })
  test.each<[string, string[], string[], 'muted' | 'found']>([
    ['another card', ['0000:01:00.0'], ['0000:02:00.0'], 'found'],
    ['the same device', ['0000:01:00.0'], ['0000:02:00.0', '0000:01:00.0'], 'muted'],
    ['another function of the card', ['0000:01:00.0'], ['0000:01:00.1'], 'muted'],
    ['no device by name', [], ['0000:01:00.0'], 'muted'],
    ['a device, and the finding names none', ['0000:01:00.0'], [], 'muted'],
  ])('a cause that is about %s', (_, devices, own, status) => {
    const cause = rule('cause', found('blocker', { devices }))
    expect(statuses([cause, rule('b', found('blocker', { devices: own }), { mutedBy: ['cause'] })])).toMatchObject({
      b: status,
    })
  })
  test('a second cause explains what the first one does not', () => {
    const { results } = run([
      rule('elsewhere', found('blocker', { devices: ['0000:01:00.0'] })),
      rule('here', found('blocker', { devices: ['0000:02:00.0'] })),
      rule('effect', found('blocker', { devices: ['0000:02:00.0'] }), { mutedBy: ['elsewhere', 'here'] }),
    ])
    expect(results[2]).toMatchObject({ status: 'muted', by: 'here' })
  })
  test('of the cases that a finding is made of only those that something else explains are muted', () => {
    const each = (at: string) => ({ devices: [at], evidence: [{ saw: at, probe: 'tasks' as const }], says: `at ${at}` })
    const [one, other] = [each('0000:01:00.0'), each('0000:02:00.0')]
    const both = { ...one, devices: ['0000:01:00.0', '0000:02:00.0'], evidence: [...one.evidence, ...other.evidence] }
    const effect = (...explains: string[]) =>
      run([
        ...explains.map((at) => rule(`cause-${at}`, found('blocker', { devices: [at] }))),
        rule('effect', found('blocker', { ...both, cases: [one, other] }), {
          mutedBy: explains.map((at) => `cause-${at}`),
        }),
      ]).results.at(-1)
    expect(effect('0000:01:00.0')).toMatchObject({ status: 'found', ...other })
    expect(effect('0000:01:00.0', '0000:02:00.0')).toMatchObject({ status: 'muted', by: 'cause-0000:01:00.0' })
    expect(effect('0000:03:00.0')).toMatchObject({ status: 'found', ...both })
  })
  test('an ok stays ok under a blocker', () => {
    expect(statuses([rule('cause', found('blocker')), rule('b', 'ok', { mutedBy: ['cause'] })])).toMatchObject({
      b: 'ok',
    })
  })
})

describe('verdict', () => {
  const matters = { matters: true, clear: 'the kernel runs it' }
  test.each<[string, Rule[], object]>([
    [
      'broken by the first blocker',
      [rule('w', found('warning')), rule('x', found('blocker')), rule('y', found('blocker'))],
      { status: 'broken', cause: 'x', says: 'Title of x.' },
    ],
    [
      'the words of the finding go before the title',
      [rule('x', found('blocker', { says: 'It is off.' }))],
      { says: 'It is off.' },
    ],
    [
      'at risk by the first warning',
      [rule('n', found('notice')), rule('w', found('warning'))],
      { status: 'at-risk', cause: 'w' },
    ],
    [
      'a warning about the upkeep of the host goes last',
      [rule('old', found('warning'), { upkeep: true }), rule('w', found('warning'))],
      { status: 'at-risk', cause: 'w' },
    ],
    [
      'and leads where it is alone',
      [rule('old', found('warning'), { upkeep: true }), rule('n', found('notice'))],
      { status: 'at-risk', cause: 'old' },
    ],
    [
      'unknown while something that matters is',
      [rule('a', { unknown: ['iommu-units'] }, matters), rule('b', 'ok', matters)],
      { status: 'unknown', cause: null, says: expect.stringContaining('iommu-units') },
    ],
    [
      'unknown when a rule that matters has crashed',
      [rule('a', new Error('bug'), matters)],
      { status: 'unknown', says: expect.stringContaining('a') },
    ],
    [
      'healthy with a notice and a lesser unknown',
      [rule('a', 'ok', matters), rule('n', found('notice')), rule('u', { unknown: ['cpu'] })],
      {
        status: 'healthy',
        cause: null,
        says: 'Passthrough looks healthy on this node: the kernel runs it (1 lesser point could not be seen).',
      },
    ],
    ['unknown when nothing that matters was asked', [rule('a', 'ok')], { status: 'unknown', cause: null }],
  ])('%s', (_, rules, verdict) => expect(run(rules).verdict).toMatchObject(verdict))
})
