import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type ConfigCure, cureText } from '../../src/diagnosis/config-cure.ts'
import { cpuList, cpusIn } from '../../src/diagnosis/cpu-lists.ts'
import { conf } from '../rules/guest-text.ts'

const [guest] = conf({ 101: { hostpci0: '0000:01:00.0,pcie=1,rombar=0,romfile=a.rom' } }).guests ?? []

test.each<[string, ConfigCure[], string]>([
  ['nothing', [], ''],
  ['a setting', [{ set: { machine: 'q35' } }], 'qm set 101 --machine q35'],
  [
    'one line for all that is wrong with it',
    [
      { line: { key: 'hostpci0', drop: ['rombar'] } },
      { line: { key: 'hostpci0', host: '0000:01:00' } },
      { set: { balloon: '0' } },
    ],
    'qm set 101 --balloon 0 --hostpci0 0000:01:00,pcie=1,romfile=a.rom',
  ],
  [
    'several devices are put in quotes',
    [{ line: { key: 'hostpci0', host: '01:00.0;01:00.1', drop: ['pcie', 'rombar', 'romfile'] } }],
    "qm set 101 --hostpci0 '01:00.0;01:00.1'",
  ],
  [
    'a line that goes is not set',
    [{ line: { key: 'hostpci0', drop: ['pcie'] } }, { delete: ['hostpci0', 'ide1'] }],
    'qm set 101 --delete hostpci0,ide1',
  ],
  [
    'words stand behind the command, once',
    [{ set: { a: 'b' }, words: 'then look' }, { words: 'then look' }],
    'qm set 101 --a b; then look',
  ],
])('%s', (_, cures, text) => {
  expect(guest && cureText(guest, cures)).toBe(text)
})

test.each([
  ['0-3,8', [0, 1, 2, 3, 8]],
  ['5', [5]],
  ['', []],
  ['8, 2', [2, 8]],
  ['0-', null],
  ['a', null],
])('the processors of %j', (list, cpus) => expect(cpusIn(list)).toEqual(cpus))

test('a list of processors is read as it was written', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(300)), (cpus) => {
      expect(cpusIn(cpuList(cpus))).toEqual(cpus.toSorted((one, other) => one - other))
    }),
  )
})
