import { describe, expect, test } from 'vitest'
import { checkAllowed } from '../../src/bootconfig/allowed-arguments.ts'
import { isRefusal } from '../../src/errors.ts'
import type { Facts } from '../../src/facts/facts.ts'
import { freeFramebuffer } from '../../src/remedies/free-framebuffer.ts'

const gpu = '0000:01:00.0'
const ailment = { cause: 'framebuffer-holds-gpu', devices: [gpu] }
const card = (address: string, code = '0300') => ({
  address,
  class: code,
  className: 'VGA compatible controller',
  vendor: '10de',
  device: '2504',
  name: 'NVIDIA GA106',
  driver: null,
  modules: [],
})
const facts = (line: string, more: Partial<Facts> = {}): Facts => ({
  uname: '6.8.12-4-pve',
  cmdline: { line, words: line.split(' ') },
  lspci: [card('0000:00:02.0'), card(gpu)],
  ...more,
})
const held = (name: string, device: string | null = gpu) => [{ range: 'c0000000-c07fffff', name, device }]

describe('free-framebuffer', () => {
  test.each<[string, Facts, string[]]>([
    ['nothing to replace', facts('quiet'), []],
    [
      'in place of what does nothing',
      facts('quiet video=efifb:off video=vesafb:off'),
      ['video=efifb:off', 'video=vesafb:off'],
    ],
    ['joined by a comma', facts('quiet video=vesafb:off,efifb:off'), ['video=vesafb:off,efifb:off']],
    [
      'in the file only',
      facts('quiet', {
        'grub-syntax': { errors: [], values: { GRUB_CMDLINE_LINUX_DEFAULT: 'quiet video=efifb:off' } },
      }),
      ['video=efifb:off'],
    ],
    ['on a kernel where it acts, it stays', facts('video=efifb:off', { uname: '5.13.19-6-pve' }), []],
    ['other modes of the screen stay', facts('video=1024x768'), []],
    ['other initcalls stay', facts('initcall_blacklist=acpi_cpufreq_init'), []],
  ])('adds sysfb_init: %s', (_, given, remove) => {
    const wish = freeFramebuffer.wish(given, ailment)
    expect(wish).toMatchObject({ args: { add: ['initcall_blacklist=sysfb_init'], remove }, risk: 1 })
    if (!isRefusal(wish)) expect(checkAllowed(wish.args)).toBeUndefined()
  })

  test.each<[string, Facts, RegExp]>([
    ['it is live already', facts('quiet initcall_blacklist=sysfb_init'), /already/],
    ['among others', facts('initcall_blacklist=acpi_cpufreq_init,sysfb_init'), /already/],
    ['a kernel on which it does not act', facts('quiet', { uname: '6.18.48-talos' }), /6\.18\.48-talos/],
    ['simpledrm on a kernel nobody knows', facts('quiet', { uname: '6.18.48', iomem: held('simpledrm') }), /not known/],
    ['the line was not read', { uname: '6.8.12-4-pve' }, /kernel line/],
  ])('is refused: %s', (_, given, why) => {
    expect(freeFramebuffer.wish(given, ailment)).toMatchObject({ refused: expect.stringMatching(why) })
  })

  test('says that the host goes dark, and more loudly where nothing else is left', () => {
    const dark = expect.stringContaining('shows nothing on this card')
    const blind = expect.stringContaining('only a BMC')
    const alone = { lspci: [card(gpu), card('0000:02:00.0', '0108')] }
    expect(freeFramebuffer.wish(facts('quiet'), ailment)).toMatchObject({ risk: 1, risks: [dark] })
    expect(freeFramebuffer.wish(facts('quiet', alone), ailment)).toMatchObject({ risk: 2, risks: [dark, blind] })
    expect(freeFramebuffer.wish(facts('console=ttyS0', alone), ailment)).toMatchObject({ risk: 1, risks: [dark] })
    const { lspci: _, ...unseen } = facts('quiet')
    expect(freeFramebuffer.wish(unseen, ailment)).toMatchObject({ risk: 2 })
  })

  test('is cured when no framebuffer is on the card, by nothing else', () => {
    expect(freeFramebuffer.uncured(facts('x', { iomem: [] }), ailment)).toEqual([])
    expect(freeFramebuffer.uncured(facts('x', { iomem: held('BOOTFB', '0000:00:02.0') }), ailment)).toEqual([])
    expect(freeFramebuffer.uncured(facts('x', { iomem: held('BOOTFB') }), ailment)).toEqual([
      expect.stringContaining('BOOTFB'),
    ])
    expect(freeFramebuffer.uncured(facts('x', { iomem: held('simpledrm', null) }), ailment)).toHaveLength(1)
    expect(freeFramebuffer.uncured(facts('x'), ailment)).not.toEqual([])
  })
})
