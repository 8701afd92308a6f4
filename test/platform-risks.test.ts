import { join } from 'node:path'
import { expect, test } from 'vitest'
import { diagnose } from '../src/diagnosis/diagnose.ts'
import { readCapture } from '../src/facts/capture-folder.ts'
import type { Facts } from '../src/facts/facts.ts'
import { learn } from '../src/facts/learn.ts'
import { prescribe } from '../src/prescribe.ts'
import { rules } from '../src/rules/index.ts'

const factsOf = async (name: string): Promise<Facts> =>
  learn(await readCapture(join(import.meta.dirname, 'cases', name, 'capture'))).facts
const on = (facts: Facts, sysVendor: string, product: string): Facts =>
  facts.firmware ? { ...facts, firmware: { ...facts.firmware, sysVendor, product } } : facts
const planFor = (facts: Facts) =>
  prescribe(diagnose(rules, facts, { node: 'node1', target: null, takenAt: null }), facts).plan

const ofBoards = /On boards like this one/

test('a plan that switches the IOMMU on tells what boards like this one lost by it', async () => {
  const facts = await factsOf('iommu-off-in-kernel')
  const plan = planFor(on(facts, 'Dell Inc.', 'PowerEdge R420'))
  expect(plan?.args.add).toContain('intel_iommu=on')
  expect(plan?.risks.filter((risk) => ofBoards.test(risk))).toEqual([expect.stringContaining('PowerEdge R420')])
})

test('other boards have no such risk', async () => {
  const plan = planFor(await factsOf('iommu-off-in-kernel'))
  expect(plan?.args.add).toContain('intel_iommu=on')
  expect(plan?.risks.join('\n')).not.toMatch(ofBoards)
})

test('where the IOMMU runs already, an argument more is no such risk', async () => {
  const facts = await factsOf('rmrr-on-a-kernel-that-can-relax-it')
  const plan = planFor(on(facts, 'Dell Inc.', 'PowerEdge R420'))
  expect(plan?.args.add.join()).toContain('intel_iommu=on')
  expect(plan?.risks.join('\n')).not.toMatch(ofBoards)
})
