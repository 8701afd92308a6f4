import { expect, test } from 'vitest'
import { diagnose } from '../../src/diagnosis/diagnose.ts'
import { reportJson } from '../../src/diagnosis/report-json.ts'
import { type Answer, defineRule } from '../../src/diagnosis/rule.ts'

const rule = (id: string, answer: Answer | Error, mutedBy: string[] = []) =>
  defineRule({
    id,
    title: id,
    why: 'Why.',
    fix: 'Fix.',
    needs: [],
    mutedBy,
    check: () => {
      if (answer instanceof Error) throw answer
      return answer
    },
  })
const finding = {
  severity: 'blocker',
  devices: ['0000:04:00.0'],
  evidence: [{ saw: 'the line', probe: 'kernel-log' }],
  remedies: ['relax-rmrr'],
  says: 'It is blocked.',
} as const

test('has exactly the keys of PROBES.md, by status', () => {
  const rules = [
    rule('a', 'ok'),
    rule('b', finding),
    rule('c', finding, ['b']),
    rule('d', { unknown: ['pveversion'] }),
    rule('e', new Error('bug')),
  ]
  const report = diagnose(
    rules,
    {},
    { node: 'node3', target: { kind: 'device', address: '0000:04:00.0' }, takenAt: null },
  )
  expect(JSON.parse(JSON.stringify(reportJson(report, { plan: null, noPlanBecause: 'no remedy' })))).toEqual({
    format: 1,
    node: 'node3',
    target: 'device:0000:04:00.0',
    verdict: { status: 'broken', cause: 'b', says: 'It is blocked.' },
    results: [
      { rule: 'a', status: 'ok' },
      {
        rule: 'b',
        status: 'found',
        severity: 'blocker',
        devices: ['0000:04:00.0'],
        evidence: [{ saw: 'the line', probe: 'kernel-log' }],
        remedies: ['relax-rmrr'],
      },
      { rule: 'c', status: 'muted', by: 'b', evidence: [{ saw: 'the line', probe: 'kernel-log' }] },
      { rule: 'd', status: 'unknown', missing: ['pveversion'] },
      { rule: 'e', status: 'crashed', error: 'bug' },
    ],
    plan: null,
    noPlanBecause: 'no remedy',
  })
})

test('says null where there is no target', () => {
  const json = reportJson(diagnose([], {}, { node: 'node3', target: null, takenAt: null }), { plan: null })
  expect(json.target).toBeNull()
})
