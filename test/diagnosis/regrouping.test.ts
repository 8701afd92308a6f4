import { expect, test } from 'vitest'
import { regrouping } from '../../src/diagnosis/regrouping.ts'

const facts = (...groups: string[][]) => ({ 'iommu-groups': groups.map((devices, id) => ({ id, devices })) })

test.each<[string, Record<string, string[]>, string[][], string[]]>([
  ['nothing moved, though numbers did', { 3: ['a'], 4: ['b', 'c'] }, [['b', 'c'], ['a']], []],
  ['the IOMMU was off', {}, [['a'], ['b']], ['IOMMU groups: none before, 2 now.']],
  ['off before and after', {}, [], []],
  [
    'a group was split',
    { 1: ['a', 'b'], 2: ['c'] },
    [['a'], ['b'], ['c']],
    ['a shares its IOMMU group with nothing, before with b.', 'b shares its IOMMU group with nothing, before with a.'],
  ],
])('%s', (_, before, now, says) => {
  expect(regrouping(before, facts(...now))).toEqual(says)
})

test('tells of the first devices, counts the rest, and is silent where the groups were not read', () => {
  const all = Array.from({ length: 9 }, (_, at) => `d${at}`)
  const said = regrouping({ 1: all }, facts(...all.map((one) => [one])))
  expect(said).toHaveLength(7)
  expect(said.at(-1)).toBe('3 more devices have other company than before.')
  expect(regrouping({ 1: all }, {})).toEqual([])
})
