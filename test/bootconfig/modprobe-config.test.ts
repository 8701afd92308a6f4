import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  blacklisted,
  loadedBefore,
  namedModules,
  optionValues,
  readModprobeConfig,
} from '../../src/bootconfig/modprobe-config.ts'

const lines = (...all: string[]) => all.map((line) => ({ path: '/etc/modprobe.d/a.conf', line }))
const read = (...all: string[]) => readModprobeConfig(lines(...all))

describe('modprobe.d, as libkmod reads it', () => {
  test.each([
    'options vfio-pci ids=10de:1b80',
    '\toptions\tvfio_pci  ids=10de:1b80',
    'blacklist nouveau',
    'blacklist nouveau # the card is for a guest',
    'softdep nouveau pre: vfio-pci',
    'weakdep nouveau vfio-pci',
    'install vfio-pci /bin/false',
    'alias char-major-195* nvidia',
  ])('knows %j', (line) => {
    expect(read(line)).toMatchObject({ ignored: [], directives: [{ line }] })
  })

  test.each([
    '10de:1b80',
    'vfio-pci ids=10de:1b80',
    'option vfio-pci ids=10de:1b80',
    'options vfio-pci',
    'options vfio-pci ',
    'blacklist',
    'softdep nouveau',
    'Blacklist nouveau',
    'include /etc/other',
    'constructor nouveau x',
  ])('passes over %j', (line) => {
    expect(read(line)).toEqual({ directives: [], ignored: lines(line) })
  })

  test.each(['', '   ', '# blacklist nouveau', '  # indented', '#'])('takes %j for nothing', (line) => {
    expect(read(line)).toEqual({ directives: [], ignored: [] })
  })

  test('joins lines that end in a backslash, within one file', () => {
    const joined = read('options vfio-pci ids=10de:1b80,\\', '10de:10f0')
    expect(optionValues(joined, 'vfio-pci', 'ids').map(({ value }) => value)).toEqual(['10de:1b80,10de:10f0'])
    const apart = readModprobeConfig([
      { path: '/a.conf', line: 'blacklist nouveau\\' },
      { path: '/b.conf', line: '10de:10f0' },
    ])
    expect(apart.ignored).toEqual([{ path: '/b.conf', line: '10de:10f0' }])
  })

  test('takes - and _ for the same, and quotes off', () => {
    const config = read('options vfio_pci ids="10de:1b80"', 'options vfio-pci disable-vga=1 ids=8086:1521')
    expect(optionValues(config, 'vfio-pci', 'ids').map(({ value }) => value)).toEqual(['10de:1b80', '8086:1521'])
    expect(optionValues(config, 'vfio_pci', 'disable_vga')).toMatchObject([{ value: '1' }])
    expect(blacklisted(read('blacklist snd-hda-intel'))).toEqual(['snd_hda_intel'])
  })

  test.each([
    ['softdep nouveau pre: vfio-pci', ['vfio_pci']],
    ['softdep nouveau pre: vfio vfio-pci post: foo', ['vfio', 'vfio_pci']],
    ['softdep nouveau post: foo pre: vfio-pci', ['vfio_pci']],
    ['softdep nouveau post: vfio-pci', []],
    ['softdep nouveau pre:vfio-pci', []],
    ['softdep nouveau vfio-pci', []],
    ['softdep nvidia pre: vfio-pci', []],
  ])('%s', (line, wanted) => {
    expect(loadedBefore(read(line), 'nouveau')).toEqual(wanted)
  })

  test('every line is a directive, passed over, or nothing; none is lost twice', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary-ascii', maxLength: 30 })), (texts) => {
        const { directives, ignored } = read(...texts)
        expect(directives.length + ignored.length).toBeLessThanOrEqual(texts.length)
      }),
    )
  })
})

test('modules to load at boot: one a line, comments left out', () => {
  const all = lines('# comment', '; comment', '', '  vfio-pci ', 'vfio vfio_pci')
  expect(namedModules(all).map(({ module, line }) => [module, line])).toEqual([
    ['vfio_pci', 'vfio-pci'],
    ['vfio vfio_pci', 'vfio vfio_pci'],
  ])
})
