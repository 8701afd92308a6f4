import { describe, expect, test } from 'vitest'
import { changeCard, planCard } from '../../src/cards/change-card.ts'
import { errorCard } from '../../src/cards/error-card.ts'
import { nodesCard } from '../../src/cards/fleet-card.ts'
import { foundCard, incidentCard } from '../../src/cards/incident-card.ts'
import { wayBack } from '../../src/cards/plan-blocks.ts'
import { refusedReport, reportCard } from '../../src/cards/report-card.ts'
import { rescueCard } from '../../src/cards/rescue-card.ts'
import { refusalCard, ruleCard, statusCard } from '../../src/cards/small-cards.ts'
import { cardText } from '../../src/cards/text.ts'
import { lasting, stateWords } from '../../src/cards/words.ts'
import { type Change, OUTCOMES } from '../../src/changes/change.ts'
import { OperatorError } from '../../src/errors.ts'
import { approver, change, diagnosis, operator, plan, policy, report, rule } from './samples.ts'

const findings = reportCard(diagnosis)
const STATES = [
  'proposed',
  'approved',
  'arming',
  'armed',
  'rebooting',
  'verifying',
  'committing',
  'going-back',
] as const

describe('the report card', () => {
  test('reads, as plain text, as it was reviewed', async () => {
    await expect(`${findings.title}\n\n${cardText(findings)}\n`).toMatchFileSnapshot('golden/report.txt')
  })
  test('says the verdict first and shows everything it rests on', () => {
    expect(findings.blocks[0]).toEqual({ type: 'text', text: report.verdict.says })
    const text = cardText(findings)
    for (const seen of [
      '[cmdline]',
      '[tasks]',
      'group-shared',
      'nothing from firmware: legacy-bios, interrupt-remapping-missing',
      'x is undefined',
    ])
      expect(text).toContain(seen)
  })
  test('says why a probe told nothing, where that is known', () => {
    const card = reportCard({ ...diagnosis, missing: { firmware: 'took longer than 5 s' } })
    expect(cardText(card)).toContain('nothing from firmware (took longer than 5 s): legacy-bios')
  })
  test('without a plan says that nothing is rebooted, why, and what a person has to do', () => {
    const text = cardText(reportCard({ ...diagnosis, plan: null, noPlanBecause: 'only the firmware can cure it.' }))
    expect(text).toContain('The bot changes nothing and proposes no reboot: only the firmware can cure it.')
    expect(text).toContain('switch VT-d on in the firmware')
  })
  test('of a healthy node promises nothing and proposes nothing', () => {
    const verdict = { status: 'healthy', cause: null, says: 'Passthrough looks healthy.' } as const
    const card = reportCard({
      report: { ...report, verdict, results: [] },
      plan: null,
      noPlanBecause: 'nothing to cure',
      offers: [],
    })
    expect(card.tone).toBe('ok')
    expect(cardText(card)).not.toContain('What happens next')
  })
  test('counts the evidence it leaves out', () => {
    const evidence = Array.from({ length: 30 }, (_, n) => ({ saw: `line ${n}`, probe: 'kernel-log' as const }))
    const results = report.results.map((one) => (one.status === 'found' ? { ...one, evidence } : one))
    expect(cardText(reportCard({ ...diagnosis, report: { ...report, results } }))).toContain('… and 22 more')
  })
  test('says who holds the node when the plan cannot be proposed', () => {
    const text = cardText(refusedReport(findings, { refused: 'node3 is held by change c7', hint: 'wait' }))
    expect(text).toContain('Not up for approval\n\nnode3 is held by change c7.\nWhat to do: wait')
  })
})

describe('the plan on a card', () => {
  test('shows arguments, file, commands, reboot, what goes down, the way back, risks and digest', () => {
    const text = cardText(planCard(plan))
    for (const part of [
      'intel_iommu=on iommu=pt',
      '-GRUB_CMDLINE_LINUX_DEFAULT="quiet intel_iommu=off"',
      'update-grub',
      'one trial boot',
      'qemu 101 and lxc 200',
      'comes back by itself',
      'Groups may turn out larger',
      change('proposed').digest,
    ])
      expect(text).toContain(part)
  })
  test('that the bot does not carry out says so, and what a person types', () => {
    const text = cardText(planCard({ ...plan, revert: 'none', trial: null }))
    for (const part of [
      'Plan for node3, not carried out by the bot',
      'NOT by itself',
      'by a person, not by the bot',
      '/etc/default/grub, to be edited by hand:',
      'nano /etc/default/grub\n    update-grub\n    reboot',
      'press e on the entry and take out intel_iommu=on iommu=pt',
    ])
      expect(text).toContain(part)
    expect(text).not.toMatch(/The bot then runs|one trial boot|once the trial has passed/)
  })
  test('is no promise to the incident channels where the bot does not carry it out', () => {
    expect(cardText(foundCard(diagnosis))).toContain('The bot can cure it')
    const idle = { ...diagnosis, plan: { ...plan, revert: 'none', trial: null } as const }
    expect(cardText(foundCard(idle))).toMatch(/A person has to cure it: .*does not carry/)
  })
  test('never promises a way back that is not there', () => {
    expect(wayBack({ ...plan, revert: 'none', trial: null })).toBe(
      'node3 cannot go back by itself: no safe way to start a trial exactly once was found, so the bot does not carry this out.',
    )
    expect(wayBack({ ...plan, trial: { kind: 'window' } })).toMatch(
      /panic within ten minutes.*the ten minutes to pass before its power is cut/,
    )
  })
})

describe('the card of a change', () => {
  test('asks for approval only while it is proposed, and always carries state and digest', () => {
    for (const state of [...STATES, 'closed'] as const) {
      const card = changeCard(findings, change(state), policy)
      expect(card.asks).toBe(state === 'proposed' ? 'approval' : undefined)
      expect(card.change).toEqual({ id: 'c1', state, digest: change(state).digest })
      expect(card.blocks.slice(0, findings.blocks.length)).toEqual(findings.blocks)
    }
  })
  test.each(STATES)('reads in state %s as it was reviewed', async (state) => {
    const card = changeCard({ ...findings, blocks: [] }, change(state), policy)
    await expect(`${card.title} (${card.tone})\n\n${cardText(card)}\n`).toMatchFileSnapshot(
      `golden/change-${state}.txt`,
    )
  })
  test('reads in every outcome as it was reviewed', async () => {
    const texts = OUTCOMES.map((outcome) => {
      const card = changeCard({ ...findings, blocks: [] }, change('closed', { outcome, because: 'the reason' }), policy)
      return `${card.title} (${card.tone})\n\n${cardText(card)}\n`
    })
    await expect(texts.join('\n----\n\n')).toMatchFileSnapshot('golden/change-closed.txt')
  })
  test('counts votes, names who said no, and wants more for riskier plans', () => {
    const votes = [
      { by: approver, yes: true, digest: 'd', at: '2026-11-22T09:01:00Z' },
      { by: operator, yes: false, digest: 'd', at: '2026-11-22T09:02:00Z' },
    ]
    const two = { ...policy, approvers: [...policy.approvers, 'console:ann'] }
    const text = cardText(changeCard(findings, change('proposed', { votes, plan: { ...plan, risk: 2 } }), two))
    expect(text).toContain('1 of 2: approver; against: operator')
    expect(text).toContain('2 approvals start it')
  })
  test.each([
    ['the only approver asked', {}, approver, true],
    ['the only approver asked, and may approve that', { selfApproval: true }, approver, false],
    ['there is another one', { approvers: ['console:approver', 'console:ann'] }, approver, false],
    ['a group may hold others', { approvers: ['console:approver', 'slack:group:S1'] }, approver, false],
    ['somebody else asked', {}, operator, false],
  ])('says that nobody can approve it: %s', (_, given, requestedBy, expected) => {
    const text = cardText(changeCard(findings, change('proposed', { requestedBy }), { ...policy, ...given }))
    expect(text.includes('Nobody can approve it')).toBe(expected)
  })
  test('does not claim that nothing was written once something may have been', () => {
    const text = cardText(changeCard({ ...findings, blocks: [] }, change('going-back', { touched: true }), policy))
    expect(text).not.toContain('Nothing permanent')
  })
})

describe('the rescue card', () => {
  test('reads as it was reviewed', async () => {
    await expect(cardText(rescueCard(change('armed'), policy))).toMatchFileSnapshot('golden/rescue.txt')
  })
  test('holds the menu edit, the old arguments, the backups and who approved', () => {
    const text = cardText(rescueCard(change('armed'), policy))
    for (const part of [
      'press e',
      'take out:  intel_iommu=on iommu=pt',
      'put back:  intel_iommu=off',
      'sh /var/lib/lanekeeper/c1/undo.sh',
      'do not reboot it before you have run',
      'approver',
      '15 min',
    ])
      expect(text).toContain(part)
  })
  test('stands again on the card of a change that is stuck', () => {
    const stuck = change('closed', { outcome: 'stuck', because: 'it did not come back' })
    expect(cardText(incidentCard(stuck, policy))).toContain('undo.sh')
  })
})

test('incident channels get no card to react on', () => {
  for (const state of STATES) expect(incidentCard(change(state), policy).asks).toBeUndefined()
  expect(foundCard(diagnosis).change).toBeUndefined()
})

test('an operator error shows its hint, a bug only an id', () => {
  const known = errorCard(new OperatorError('node-unreachable', 'node9 did not answer', { hint: 'is it up?' }), 'e1')
  expect(cardText(known)).toBe('node9 did not answer\n\nWhat to do: is it up?')
  const bug = cardText(errorCard(new TypeError('x is undefined'), 'e1'))
  expect(bug).toContain('e1')
  expect(bug).not.toContain('undefined')
})

test.each([
  [30, '30 s'],
  [900, '15 min'],
  [86_400, '24 h'],
  [259_200, '3 days'],
])('%i seconds are said as %s', (seconds, words) => expect(lasting(seconds)).toBe(words))

test('small cards say what they are for', () => {
  expect(nodesCard([{ name: 'n1', about: 'h:22', simulated: false, labels: [] }], []).title).toBe('1 node')
  expect(statusCard([]).title).toBe('nothing is under way')
  expect(cardText(statusCard([change('rebooting')]))).toContain('rebooting into the trial')
  expect(cardText(ruleCard(rule('iommu-off', 'No IOMMU', { links: ['https://example.org'] })))).toContain(
    'https://example.org',
  )
  expect(cardText(refusalCard({ refused: 'busy', hint: 'wait' }))).toBe('busy.\n\nWhat to do: wait')
})

test('every state and outcome has words of its own', () => {
  const words = [...STATES.map((state) => change(state)), ...OUTCOMES.map((outcome) => change('closed', { outcome }))]
  expect(new Set(words.map((one: Change) => stateWords(one))).size).toBe(words.length)
})
