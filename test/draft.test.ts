import { join } from 'node:path'
import { expect, test } from 'vitest'
import { draft } from '../src/draft.ts'
import { isRefusal } from '../src/errors.ts'
import { readCapture } from '../src/facts/capture-folder.ts'
import { learn } from '../src/facts/learn.ts'
import { undoPlan } from '../src/prescribe.ts'
import { aChange } from './changes/a-change.ts'

const { facts } = learn(await readCapture(join(import.meta.dirname, 'cases/iommu-off-in-kernel/capture')))
const purpose = {
  ...{ node: 'node1', cause: 'cmdline-typo', target: null, remedy: 'correct-argument', undoes: null },
  devices: [],
}
const planTo = (add: readonly string[], risk: 1 | 2 = 1, remove: readonly string[] = []) => {
  const plan = draft(purpose, { title: 'x', wanted: { args: { add, remove } }, risk, risks: ['own'] }, facts)
  if (isRefusal(plan)) throw new Error(plan.refused)
  return plan
}

test('words that give up isolation make any plan one of risk 2, and say so', () => {
  const plan = planTo(['pcie_acs_override=downstream', 'iommu=pt'])
  expect(plan.risk).toBe(2)
  expect(plan.risks).toContainEqual(expect.stringContaining('gives up isolation (pcie_acs_override=downstream)'))
  expect(plan.risks).toContain('own')
})

test('a plan that is one of risk 2 already says it in its own words', () => {
  const plan = planTo(['pcie_acs_override=downstream'], 2)
  expect(plan).toMatchObject({ risk: 2 })
  expect(plan.risks.join()).not.toContain('gives up isolation')
})

test('other words leave the risk as it is', () => {
  expect(planTo(['iommu=pt']).risk).toBe(1)
})

test('an undo that brings isolation-breaking words back is one of risk 2', () => {
  const plan = planTo(['pcie_acs_override=downstream'])
  const [edit] = plan.edits
  if (!edit) throw new Error('no edit')
  // A change that took the word away: the file as it is now is what it left.
  const { before, after, was, text } = edit
  const taken = { ...plan, edits: [{ ...edit, before: after, after: before, was: text, text: was }] }
  const change = aChange('closed', { outcome: 'done', plan: taken } as never)
  expect(undoPlan(change, facts)).toMatchObject({
    undoes: change.id,
    args: { add: ['pcie_acs_override=downstream'] },
    risk: 2,
  })
})

test('what was mended in a boot file without a reboot is taken back like any other file', () => {
  const { edits, ...plan } = planTo(['iommu=pt'])
  const mended = { ...plan, edits, reboot: false, trial: null, revert: 'undo' }
  const change = aChange('closed', { outcome: 'done', plan: mended } as never)
  expect(undoPlan(change, facts)).toMatchObject({
    reboot: false,
    edits: edits.map(({ path, was, text }) => ({ path, was: text, text: was })),
  })
})
