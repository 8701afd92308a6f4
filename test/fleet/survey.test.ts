import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Card } from '../../src/cards/card.ts'
import { needsTable, surveyCard, surveyTable } from '../../src/cards/fleet-card.ts'
import { cardText } from '../../src/cards/text.ts'
import type { CommandContext } from '../../src/chat/command.ts'
import { surveyOf } from '../../src/chat/survey.ts'
import { type Glance, grouped, WORST_FIRST } from '../../src/diagnosis/glance.ts'
import type { Report } from '../../src/diagnosis/report.ts'
import { OperatorError } from '../../src/errors.ts'
import { survey } from '../../src/fleet/survey.ts'

const healthy = (node: string): Report => ({
  node,
  target: null,
  takenAt: null,
  verdict: { status: 'healthy', cause: null, says: 'fine' },
  results: [],
})
const parts = { atOnce: 4, deadlineMs: 1000, heard: () => undefined }

describe('a survey', () => {
  test('looks at every node once, never at more than a few at a time, and hears of each as it is through', async () => {
    let open = 0
    let most = 0
    const heard: string[] = []
    const names = Array.from({ length: 30 }, (_, n) => `node${n}`)
    const look = async (node: string) => {
      most = Math.max(most, ++open)
      await sleep(2)
      open--
      return healthy(node)
    }
    const all = await survey(names, { ...parts, look, heard: ({ node }) => heard.push(node) })
    expect(all.map(({ node }) => node)).toEqual(names)
    expect(heard.toSorted()).toEqual(names.toSorted())
    expect(most).toBe(4)
  })

  test('names the dead with the reason and what to do, and they hold nobody up', async () => {
    const look = async (node: string) => {
      if (node === 'hangs') await new Promise(() => undefined)
      if (node === 'dead')
        throw new OperatorError('node-unreachable', 'dead did not answer', { hint: 'check that it is up' })
      if (node === 'bug') throw new TypeError('undefined is not a function')
      return healthy(node)
    }
    const began = Date.now()
    const all = await survey(['hangs', 'dead', 'bug', 'fine'], { ...parts, deadlineMs: 50, look })
    expect(Date.now() - began).toBeLessThan(5000)
    expect(all).toEqual([
      {
        node: 'hangs',
        status: 'unreachable',
        cause: 'time-limit',
        says: expect.stringMatching(/0\.05 s.*\/pcie diagnose hangs/),
      },
      {
        node: 'dead',
        status: 'unreachable',
        cause: 'node-unreachable',
        says: 'dead did not answer – check that it is up',
      },
      { node: 'bug', status: 'unreachable', cause: 'internal', says: 'undefined is not a function' },
      { node: 'fine', status: 'healthy', cause: null, says: 'fine' },
    ])
  })
})

const glance = (node: string, status: Glance['status'], cause: string | null = null): Glance => ({
  node,
  status,
  cause,
  says: `${node} says`,
})

test('nodes with the same cause stand together, the worst first, then the most frequent', () => {
  const groups = grouped([
    glance('n1', 'healthy'),
    glance('n10', 'broken', 'iommu-off'),
    glance('n2', 'broken', 'iommu-off'),
    glance('n3', 'broken', 'rmrr-blocks-device'),
    glance('n4', 'unreachable', 'node-unreachable'),
  ])
  expect(groups.map(({ status, cause, glances }) => [status, cause, glances.map(({ node }) => node)])).toEqual([
    ['broken', 'iommu-off', ['n2', 'n10']],
    ['broken', 'rmrr-blocks-device', ['n3']],
    ['unreachable', 'node-unreachable', ['n4']],
    ['healthy', null, ['n1']],
  ])
})

test('no node is lost on the way to the card and its table, whatever they say', () => {
  const anyGlance = fc.record({
    node: fc.string({ minLength: 1, maxLength: 8, unit: fc.constantFrom(...'abc123-') }),
    status: fc.constantFrom(...WORST_FIRST),
    cause: fc.constantFrom(null, 'a', 'b'),
    says: fc.string(),
  })
  fc.assert(
    fc.property(fc.uniqueArray(anyGlance, { selector: ({ node }) => node, maxLength: 80 }), (glances) => {
      const table = surveyTable(glances).slice(0, -1).split('\n')
      expect(table).toHaveLength(glances.length + 1)
      expect(table.every((line) => line.split('\t').length === 4)).toBe(true)
      const text = cardText(surveyCard('all', glances, 1))
      if (!needsTable(glances)) for (const { node } of glances) expect(text).toContain(node)
    }),
  )
})

test('a list that cannot be attached leaves the card as it is, and is said in the log', async () => {
  const glances = Array.from({ length: 300 }, (_, n) => glance(`node${n}`, 'healthy'))
  const shown: string[] = []
  const troubles: string[] = []
  const context = {
    core: {
      nodes: glances.map(({ node }) => ({ name: node, about: '', simulated: true, labels: [] })),
      survey: async () => glances,
    },
    reply: async (card: Card) => void shown.push(card.title),
    edit: async (_: unknown, card: Card) => void shown.push(card.title),
    attach: () => Promise.reject(new Error('no files here')),
    log: { error: (_: object, words: string) => void troubles.push(words) },
  } as unknown as CommandContext
  await surveyOf('all', context)
  expect(shown).toEqual(['all: 0 of 300 nodes looked at …', 'all: 300 nodes, 300 healthy'])
  expect(troubles).toEqual(['the list of the nodes could not be attached'])
})

test('the card says how many of what in its title, and five hundred nodes fit one', () => {
  const many = Array.from({ length: 500 }, (_, n) =>
    glance(`node${n}`, n % 2 ? 'healthy' : 'broken', n % 2 ? null : 'iommu-off'),
  )
  const card = surveyCard('all', many, 3)
  expect(card.title).toBe('all: 500 nodes, 250 broken, 250 healthy')
  expect(card.tone).toBe('danger')
  expect(cardText(card).length).toBeLessThan(4000)
  expect(needsTable(many)).toBe(true)
})
