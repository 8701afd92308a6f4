import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  applyChange,
  changeLine,
  differenceOf,
  keyOf,
  splitWords,
  withListValue,
} from '../../src/bootconfig/kernel-line.ts'

const word: fc.Arbitrary<string> = fc.constantFrom(
  'quiet',
  'a=1',
  'a=2',
  'b',
  'b=x',
  'c="d e"',
  'intel_iommu=on',
  'f-g.h=i',
  'f_g.h=j',
)
const words = fc.array(word, { maxLength: 8 })
const change = fc.record({ add: fc.array(word, { maxLength: 3 }), remove: fc.array(word, { maxLength: 3 }) })

test.each([
  ['quiet  ro\t x=1 ', ['quiet', 'ro', 'x=1']],
  ['dyndbg="file a.c +p" quiet', ['dyndbg="file a.c +p"', 'quiet']],
  ['"dyndbg=file a.c +p" quiet', ['"dyndbg=file a.c +p"', 'quiet']],
  ['a="b c', ['a="b c']],
  ['', []],
])('cuts %j as the kernel does', (line, expected) => {
  expect(splitWords(line)).toEqual(expected)
})

test('the key is what stands before the first =, quotes or not', () => {
  expect(['a=b=c', '"a=b c"', 'quiet', '=x'].map(keyOf)).toEqual(['a', 'a', 'quiet', ''])
})

test.each([
  ['quiet a=1 b', { add: ['a=2'], remove: ['a=1'] }, 'quiet a=2 b'],
  ['quiet a=1 b a=1', { add: ['a=2'], remove: ['a=1'] }, 'quiet a=2 b'],
  ['quiet a=1', { add: ['a=2'], remove: [] }, 'quiet a=1 a=2'],
  ['quiet a=1', { add: ['a=1'], remove: ['a=1'] }, 'quiet a=1'],
  ['f-g=1 z', { add: ['f_g=2'], remove: ['f-g=1'] }, 'f_g=2 z'],
  ['root=x   ro  quiet', { add: [], remove: ['ro'] }, 'root=x    quiet'],
  ['ro quiet', { add: [], remove: ['ro'] }, 'quiet'],
  ['ro quiet', { add: ['x'], remove: ['ro', 'quiet'] }, 'x'],
  ['', { add: ['x', 'y'], remove: [] }, 'x y'],
  ['ro  quiet ', { add: ['x'], remove: [] }, 'ro  quiet  x'],
])('changes %j by %j', (line, by, expected) => {
  expect(splitWords(changeLine(line, by))).toEqual(splitWords(expected))
  expect(applyChange(splitWords(line), by)).toEqual(splitWords(expected))
})

describe('for any words', () => {
  test('joining and cutting are inverse', () => {
    fc.assert(
      fc.property(words, (list) => {
        expect(splitWords(list.join(' '))).toEqual(list)
      }),
    )
  })
  test('the line and the list change alike', () => {
    fc.assert(
      fc.property(words, change, fc.constantFrom(' ', '  ', '\t'), (list, by, blank) => {
        expect(splitWords(changeLine(list.join(blank), by))).toEqual(applyChange(list, by))
      }),
    )
  })
  test('words that are not meant stay, in their order', () => {
    fc.assert(
      fc.property(words, change, (list, by) => {
        const meant = [...by.add, ...by.remove]
        const rest = (of: string[]) => of.filter((one) => !meant.includes(one))
        expect(rest(applyChange(list, by))).toEqual(rest(list))
      }),
    )
  })
  test('after the change every added word is there, no removed one is, and doing it again changes nothing', () => {
    fc.assert(
      fc.property(words, change, (list, by) => {
        const after = applyChange(list, by)
        expect(by.add.filter((one) => !after.includes(one))).toEqual([])
        expect(by.remove.filter((one) => !by.add.includes(one) && after.includes(one))).toEqual([])
        expect(applyChange(after, by)).toEqual(after)
      }),
    )
  })
  test('appending and taking back gives the same bytes', () => {
    fc.assert(
      fc.property(words, fc.constantFrom(' ', '  '), fc.constantFrom('', ' '), (list, blank, end) => {
        const line = list.join(blank) + end
        const there = changeLine(line, { add: ['new=1', 'new2'], remove: [] })
        expect(changeLine(there, { add: [], remove: ['new=1', 'new2'] })).toBe(line)
      }),
    )
  })
  test('the difference leads from the one to the other', () => {
    fc.assert(
      fc.property(words, words, (before, after) => {
        const led = applyChange(before, differenceOf(before, after))
        expect(new Set(led)).toEqual(new Set(after))
      }),
    )
  })
})

test.each([
  ['quiet', ['on', 'relax_rmrr'], 'quiet intel_iommu=on,relax_rmrr'],
  ['intel_iommu=on quiet', ['on', 'relax_rmrr'], 'intel_iommu=on,relax_rmrr quiet'],
  ['intel_iommu=on,relax_rmrr quiet', ['on', 'relax_rmrr'], 'intel_iommu=on,relax_rmrr quiet'],
  ['intel_iommu=off quiet', ['on'], 'intel_iommu=on quiet'],
  ['a intel_iommu=sm_on,igfx_off b intel_iommu=foo', ['on'], 'a intel_iommu=sm_on,igfx_off,foo,on b'],
  ['intel_iommu=on intel_iommu=on,relax_rmrr', ['relax_rmrr'], 'intel_iommu=on,relax_rmrr'],
  ['intel_iommu=on,sm_off', ['sm_on'], 'intel_iommu=on,sm_on'],
  ['intel_iommu="on"', ['relax_rmrr'], 'intel_iommu=on,relax_rmrr'],
  ['intel_iommu', ['on'], 'intel_iommu=on'],
])('brings values into the list of %j', (line, wanted, expected) => {
  const list = splitWords(line)
  expect(applyChange(list, withListValue(list, 'intel_iommu', wanted))).toEqual(splitWords(expected))
})
