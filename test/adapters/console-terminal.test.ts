import { stripVTControlCharacters } from 'node:util'
import pc from 'picocolors'
import stringWidth from 'string-width'
import { describe, expect, test } from 'vitest'
import { changedPart } from '../../adapters/console/changed-part.ts'
import { complete, type World } from '../../adapters/console/complete.ts'
import { drawCard } from '../../adapters/console/draw-card.ts'
import { commands } from '../../commands/index.ts'
import { changeCard } from '../../src/cards/change-card.ts'
import { reportCard } from '../../src/cards/report-card.ts'
import { change, diagnosis, policy } from '../cards/samples.ts'
import { openRoom } from '../chat/room.ts'
import { createCatcher, createTypist } from './streams.ts'

const card = changeCard(reportCard(diagnosis), change('proposed'), policy)
const plain = pc.createColors(false)

describe.each([30, 47, 48, 60, 80, 110, 200])('at %i columns', (columns) => {
  const lines = drawCard(card, ' m1 #ops ', { columns, paint: pc.createColors(true) }).split('\n')
  test('no line is wider than the terminal', () =>
    expect(Math.max(...lines.map((line) => stringWidth(line)))).toBeLessThanOrEqual(columns))
  test('no word of the card is lost', () => {
    const squeezed = (text: string) => text.replaceAll(/[\s│╭╮╰╯─·]/g, '')
    const drawn = squeezed(stripVTControlCharacters(lines.join('')))
    for (const block of card.blocks) if (block.type === 'text') expect(drawn).toContain(squeezed(block.text))
  })
})

test('the frame is straight', () => {
  const lines = drawCard(card, ' m1 #ops ', { columns: 80, paint: plain }).split('\n')
  expect(new Set(lines.map((line) => stringWidth(line)))).toEqual(new Set([80]))
})

test('without colour there is not one escape sequence, and the tone is still told', () => {
  const text = drawCard(card, ' m1 ', { columns: 80, paint: plain })
  expect(text).not.toContain('\u001b')
  expect(text).toContain('✗ node3')
})

describe('an edit', () => {
  const next = changeCard(reportCard(diagnosis), change('approved'), policy)
  test('shows the part that changed, not the whole card', () => {
    const part = changedPart(card, next)
    expect(JSON.stringify(part)).toContain('read once more')
    expect(JSON.stringify(part)).not.toContain('GRUB_CMDLINE')
  })
  test('shows the whole card when nothing stayed', () => {
    expect(changedPart({ title: 'looking', tone: 'info', blocks: [{ type: 'text', text: 'x' }] }, card)).toBeNull()
    expect(changedPart(undefined, card)).toBeNull()
  })
})

const world: World = {
  commands,
  people: ['operator', 'approver'],
  nodes: ['node1', 'node3'],
  groups: ['all', 'label:gpu'],
  rules: ['iommu-off', 'legacy-bios'],
  changes: ['c1'],
  targets: (node) => (node === 'node3' ? ['vm:101', 'device:0000:01:00.0'] : []),
  messages: ['m3'],
}
test.each([
  ['/pc', ['/pcie ']],
  ['/pcie dia', ['diagnose ']],
  ['/pcie diagnose ', ['node1', 'node3', 'all', 'label:gpu']],
  ['/pcie topology ', ['node1', 'node3']],
  ['diagnose node3', ['node3 ']],
  ['/pcie diagnose node3 v', ['vm:', 'vm:101']],
  ['/pcie diagnose node3 device:0', ['device:0000:01:00.0 ']],
  ['diagnose node3 vm:1', ['vm:101 ']],
  ['/pcie diagnose node1 vm', ['vm:']],
  ['/pcie explain leg', ['legacy-bios ']],
  ['/pcie approve ', ['c1 ']],
  ['/pcie help hi', ['history ']],
  ['/as A', ['approver ']],
  ['+ ', ['m3 ']],
  ['~ m', ['m3 ']],
  ['/pcie nodes ', []],
])('"%s" completes to %j', (line, hits) => expect(complete(line, world)[0]).toEqual(hits))

test('a person sees the whole story, each step once', async () => {
  const { output, text } = createCatcher(100)
  const { input, type } = createTypist()
  const room = await openRoom({ input, output, mode: 'terminal', pauseMs: 20, colour: false })
  const seen = () => stripVTControlCharacters(text())
  await expect.poll(seen).toContain('nodes are simulated')
  type('/pcie diagnose node3')
  await expect.poll(seen).toContain('React ✅ on this message')
  type('/as approver')
  await expect.poll(seen).toContain('approver ▸')
  type('+ 1')
  await expect.poll(seen, { timeout: 5000 }).toContain('✓ m1 now: node3, change c1: kept')
  await expect.poll(seen).toContain('✓ Kept: permanent')
  for (const once of ['• m1 now: node3, change c1: approved', 'press e on the entry', 'Rescue text posted'])
    expect(seen().split(once).length - 1, once).toBe(1)
  expect(text()).toContain('⠋ /pcie diagnose node3 – 0 s')
  type('/quit')
  await room.over
})
