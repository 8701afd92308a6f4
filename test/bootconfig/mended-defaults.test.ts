import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { evaluateGrubDefaults } from '../../src/bootconfig/grub-defaults.ts'
import { mendGrubDefaults } from '../../src/bootconfig/mended-defaults.ts'
import { isRefusal } from '../../src/errors.ts'

const file = (text: string) => [{ path: '/etc/default/grub', text }]
const mended = (text: string) => {
  const done = mendGrubDefaults(file(text))
  if (isRefusal(done)) throw new Error(done.refused)
  return done
}

describe('a slip of the pen', () => {
  test.each([
    ['a quote that nobody closed', 'GRUB_CMDLINE_LINUX_DEFAULT="quiet iommu=pt\nGRUB_TIMEOUT=5\n', 'quiet iommu=pt'],
    ['a single one', "GRUB_CMDLINE_LINUX_DEFAULT='quiet iommu=pt\nGRUB_TIMEOUT=5\n", 'quiet iommu=pt'],
    ['typographic quotes', 'GRUB_CMDLINE_LINUX_DEFAULT=“quiet iommu=pt”\n', 'quiet iommu=pt'],
    ['one that is, one that is not', 'GRUB_CMDLINE_LINUX_DEFAULT=“quiet iommu=pt"\n', 'quiet iommu=pt'],
    ['Windows line ends', 'GRUB_TIMEOUT=5\r\nGRUB_CMDLINE_LINUX_DEFAULT="quiet"\r\n', 'quiet'],
    [
      'no quotes',
      'GRUB_CMDLINE_LINUX_DEFAULT=quiet intel_iommu=on,sm_off iommu=pt\n',
      'quiet intel_iommu=on,sm_off iommu=pt',
    ],
    ['blanks around =', 'GRUB_CMDLINE_LINUX_DEFAULT = "quiet"\n', 'quiet'],
  ])('%s', (_, text, value) => {
    const { path, values, text: now } = mended(`# mine: "\n${text}GRUB_CMDLINE_LINUX=""\n`)
    expect(path).toBe('/etc/default/grub')
    expect(values).toEqual({ linux: '', linuxDefault: value })
    expect(evaluateGrubDefaults(file(now))).toEqual(values)
    expect(now.split('\n')[0]).toBe('# mine: "')
  })
})

describe('what is not touched', () => {
  test.each([
    ['a file without a fault', 'GRUB_CMDLINE_LINUX_DEFAULT="quiet"\n'],
    ['a quote that may be meant to go on', 'GRUB_CMDLINE_LINUX_DEFAULT="quiet $MORE\n'],
    ['a command', 'GRUB_DISTRIBUTOR=`lsb_release -i -s`\nGRUB_CMDLINE_LINUX_DEFAULT=""\n'],
    ['a second fault behind it', 'GRUB_CMDLINE_LINUX_DEFAULT="quiet\nif true\n'],
  ])('%s', (_, text) => expect(isRefusal(mendGrubDefaults(file(text)))).toBe(true))

  test('two files with a fault each', () => {
    const two = [...file('GRUB_TIMEOUT = 5\n'), { path: '/etc/default/grub.d/a.cfg', text: 'GRUB_TIMEOUT = 1\n' }]
    expect(isRefusal(mendGrubDefaults(two))).toBe(true)
  })
})

test('what is mended needs no second mending, and no text makes it crash', () => {
  const piece = fc.constantFrom(
    'GRUB_CMDLINE_LINUX_DEFAULT=',
    '"',
    "'",
    '“',
    'quiet',
    ' ',
    '\n',
    '\r\n',
    '#',
    '$(x)',
    '`',
    '\\',
    'a=b',
    ';',
  )
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 25 }).map((all) => all.join('')),
      (text) => {
        const done = mendGrubDefaults(file(text))
        if (isRefusal(done)) return
        expect(isRefusal(mendGrubDefaults(file(done.text)))).toBe(true)
        expect(evaluateGrubDefaults(file(done.text))).toEqual(done.values)
      },
    ),
    { numRuns: 3000 },
  )
})
