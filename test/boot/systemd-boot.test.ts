import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sha256 } from '../../src/boot/act-script.ts'
import type { Forecast, Wanted } from '../../src/boot/chain.ts'
import { chainOf } from '../../src/boot/chains.ts'
import { fileEdit } from '../../src/boot/file-edit.ts'
import { grub } from '../../src/boot/grub.ts'
import { systemdBoot } from '../../src/boot/systemd-boot.ts'
import { isRefusal } from '../../src/errors.ts'
import { readCapture } from '../../src/facts/capture-folder.ts'
import type { Facts } from '../../src/facts/facts.ts'
import { kernelCmdlineFile } from '../../src/facts/probes/kernel-cmdline-file.ts'
import { thinkAbout } from '../../src/think.ts'
import { byGrub, bySystemdBoot, firmware, line } from '../rules/sample.ts'

const KERNEL = '6.5.13-5-pve'
const ROOT = 'root=ZFS=rpool/ROOT/pve-1 boot=zfs'
const PATH = '/etc/kernel/cmdline'

const loaderInfo = (info: string | null, more: Partial<NonNullable<Facts['boot-loader']>> = {}): Facts => ({
  'boot-loader': {
    loaderInfo: info,
    bootCurrent: null,
    shim: false,
    esps: [],
    bootctl: true,
    efivarsWritable: true,
    ...more,
  },
})
type Tool = NonNullable<Facts['boot-tool']>
type Loader = Tool['esps'][number]['loaders'][number]
const esp = (uuid: string, ...loaders: Loader[]) => ({ uuid, loaders })
const uefi = (...versions: string[]): Loader => ({ kind: 'uefi', versions })
const tool = (given: Partial<Tool> = {}): Facts => ({
  'boot-tool': { managed: true, booted: 'uefi', esps: [esp('4A10-77C1', uefi(KERNEL))], warnings: [], ...given },
})
const kernels = (given: Partial<NonNullable<Facts['kernels']>> = {}): Facts => ({
  kernels: { installed: [KERNEL], running: KERNEL, pinned: null, nextBoot: null, default: KERNEL, ...given },
})
/** As the probe tells it: the first line, and the bytes. */
const file = (text: string): Facts => ({ 'kernel-cmdline-file': kernelCmdlineFile.parse(text) })
const without = (name: keyof Facts): Facts => Object.fromEntries(Object.entries(node).filter(([key]) => key !== name))

const node: Facts = {
  ...line(bySystemdBoot),
  ...loaderInfo('systemd-boot 252.22-1~deb12u1'),
  ...tool(),
  ...kernels(),
  ...file(`${ROOT}\n`),
}
const iommu: Wanted = { args: { add: ['intel_iommu=on', 'iommu=pt'], remove: [] } }

function foreseen(facts: Facts, wanted: Wanted = iommu): Forecast {
  const forecast = systemdBoot.forecast(facts, wanted)
  if (isRefusal(forecast)) throw new Error(forecast.refused)
  return forecast
}

describe('which way the running boot came', () => {
  test.each<[string, Facts, boolean | null]>([
    ['the line, the loader and proxmox-boot-tool agree', node, true],
    ['the path of initrd= in other letters', { ...node, ...line(bySystemdBoot.replace('EFI', 'efi')) }, true],
    ['GRUB', { ...node, ...line(byGrub) }, false],
    ['the line says systemd-boot, the loader says GRUB', { ...node, ...loaderInfo('GRUB 2.12') }, null],
    ['both marks on the line', { ...node, ...line(`${bySystemdBoot} ${byGrub}`) }, null],
    ['proxmox-boot-tool keeps no ESP', { ...node, ...tool({ managed: false }) }, null],
    ['proxmox-boot-tool says it is no UEFI boot', { ...node, ...tool({ booted: 'bios' }) }, null],
    ['the firmware says it is no UEFI boot', { ...node, ...firmware(null, { efi: false }) }, null],
    ['an initrd of somebody else', { ...node, ...line('initrd=\\EFI\\debian\\initrd.img root=/dev/sda2') }, null],
    ['no mark on the line', { ...node, ...line(ROOT) }, null],
    ['the line is not known', without('cmdline'), null],
    ['the loader is not known', without('boot-loader'), null],
    ['the loader did not name itself', { ...node, ...loaderInfo(null) }, null],
    ['proxmox-boot-tool told nothing', without('boot-tool'), null],
    ['nothing is known', {}, null],
  ])('%s', (_, facts, expected) => {
    expect(systemdBoot.boots(facts)).toBe(expected)
    expect(chainOf(facts)?.id === 'systemd-boot').toBe(expected === true)
  })
  test('GRUB does not claim such a node', () => expect(grub.boots(node)).toBe(false))
})

describe('the edit', () => {
  test.each<[string, string, string]>([
    ['one line', `${ROOT}\n`, `${ROOT} intel_iommu=on iommu=pt\n`],
    ['no newline at the end', ROOT, `${ROOT} intel_iommu=on iommu=pt`],
    ['a second line', `${ROOT}\n# iommu=off\n\n`, `${ROOT} intel_iommu=on iommu=pt\n# iommu=off\n\n`],
    [
      'the words stand on the second line only',
      `${ROOT}\nintel_iommu=on`,
      `${ROOT} intel_iommu=on iommu=pt\nintel_iommu=on`,
    ],
    ['CRLF', `${ROOT}\r\nx\r\n`, `${ROOT} intel_iommu=on iommu=pt\r\nx\r\n`],
    ['one of the words is there', `iommu=pt  ${ROOT}\n`, `iommu=pt  ${ROOT} intel_iommu=on\n`],
  ])('%s', (_, was, text) => {
    const { edits } = foreseen({ ...node, ...file(was) })
    expect(edits).toEqual([
      { path: PATH, before: sha256(was), after: sha256(text), was, text, diff: expect.any(Array) },
    ])
  })

  test('says the words of now and then, the command, the kernel, and how it is tried', () => {
    const forecast = foreseen(node)
    expect(forecast).toMatchObject({
      commands: ['proxmox-boot-tool refresh'],
      now: ROOT.split(' '),
      kept: [...ROOT.split(' '), 'intel_iommu=on', 'iommu=pt'],
      kernel: KERNEL,
      trial: { kind: 'one-shot' },
    })
    expect(forecast.edits[0]?.diff).toEqual([`- ${ROOT}`, `+ ${ROOT} intel_iommu=on iommu=pt`])
  })

  test.each([
    ['bootctl is not there', { bootctl: false }, /lacks bootctl/],
    [
      'it is one that knows no entry by its whole name',
      { loaderInfo: 'systemd-boot 241-7~deb10u8' },
      /241.*does not find/,
    ],
    ['the variables cannot be written', { efivarsWritable: false }, /cannot be written/],
    ['neither could be read', { bootctl: undefined as never }, /could not be read/],
  ])('makes a plan without a trial where %s', (_, more, why) => {
    const { trial } = foreseen({ ...node, ...loaderInfo('systemd-boot 252.22-1~deb12u1', more) })
    expect(trial).toMatchObject({ refused: expect.stringMatching(why) })
  })

  test('takes a word out, and leaves the blanks around the others', () => {
    const facts = { ...node, ...line(`${bySystemdBoot} iommu=off`), ...file(`${ROOT}   iommu=off\tquiet\n`) }
    expect(
      systemdBoot.forecast(
        { ...facts, ...line(`${bySystemdBoot} iommu=off quiet`) },
        { args: { add: [], remove: ['iommu=off'] } },
      ),
    ).toMatchObject({ edits: [{ text: `${ROOT}  \tquiet\n` }], kept: [...ROOT.split(' '), 'quiet'] })
  })

  test('is none where the file has the words already: a reboot brings them', () => {
    const facts = { ...node, ...file(`${ROOT} intel_iommu=on iommu=pt\n`) }
    expect(foreseen(facts)).toMatchObject({ edits: [], kept: expect.arrayContaining(['intel_iommu=on']) })
  })

  const BLANKS = fc.stringMatching(/^[ \t]{1,3}$/)
  const head = fc
    .array(fc.tuple(BLANKS, fc.constantFrom('quiet', 'video=efifb:off', 'nomodeset', 'x="a b"', 'zfs.zfs_arc_max=1')), {
      maxLength: 6,
    })
    .map((pairs) => ROOT + pairs.map(([blank, word]) => blank + word).join(''))
  const rest = fc.oneof(
    fc.constant(''),
    fc.tuple(fc.constantFrom('\n', '\r\n'), fc.stringMatching(/^[ -~\n\r\t]{0,40}$/)).map((parts) => parts.join('')),
  )
  test('nothing else of the file changes', () => {
    fc.assert(
      fc.property(head, rest, (first, behind) => {
        const facts = { ...node, ...line(`initrd=\\EFI\\proxmox\\x ${first}`), ...file(first + behind) }
        expect(foreseen(facts).edits[0]?.text).toBe(`${first} intel_iommu=on iommu=pt${behind}`)
      }),
    )
  })
  test('what is taken back has its old bytes', () => {
    fc.assert(
      fc.property(head, rest, (first, behind) => {
        const facts = { ...node, ...line(`initrd=\\EFI\\proxmox\\x ${first}`), ...file(first + behind) }
        const { edits, kept } = foreseen(facts)
        const now = { ...facts, ...line(`initrd=\\EFI\\proxmox\\x ${kept.join(' ')}`), ...file(edits[0]?.text ?? '') }
        expect(foreseen(now, { restore: edits }).edits[0]?.text).toBe(first + behind)
      }),
    )
  })
})

describe('taking back', () => {
  const was = `${ROOT} intel_iommu=off\n`
  const text = `${ROOT} intel_iommu=on\n`
  const facts = { ...node, ...line(`${bySystemdBoot} intel_iommu=on`), ...file(text) }
  test('may bring back what only the earlier state had', () => {
    expect(foreseen(facts, { restore: [fileEdit(PATH, was, text)] })).toMatchObject({
      edits: [{ text: was }],
      kept: [...ROOT.split(' '), 'intel_iommu=off'],
    })
  })
  test.each<[string, Facts, string, RegExp]>([
    ['somebody edited it since', { ...facts, ...file(`${text}#\n`) }, PATH, /no longer what that change left/],
    ['the change edited a file of GRUB', facts, '/etc/default/grub', /does not boot from/],
  ])('not where %s', (_, known, path, why) => {
    expect(systemdBoot.forecast(known, { restore: [fileEdit(path, was, text)] })).toMatchObject({
      refused: expect.stringMatching(why),
    })
  })
})

describe('the kernel that boots', () => {
  const two = tool({ esps: [esp('4A10-77C1', uefi(KERNEL, '6.8.12-4-pve'))] })
  const both = { installed: [KERNEL, '6.8.12-4-pve'] }
  test.each<[string, Facts, string]>([
    ['the newest', { ...two, ...kernels({ ...both, default: '6.8.12-4-pve' }) }, '6.8.12-4-pve'],
    ['the pinned one', { ...two, ...kernels({ ...both, pinned: KERNEL, default: '6.8.12-4-pve' }) }, KERNEL],
    ['the only one there is', kernels({ default: null }), KERNEL],
  ])('%s', (_, more, release) => expect(foreseen({ ...node, ...more }).kernel).toBe(release))
})

describe('it is refused', () => {
  const missing = 'cat: /etc/kernel/cmdline: No such file or directory\n'
  test.each<[string, Facts, RegExp]>([
    ['without the file', { ...node, ...file(missing) }, /there is no \/etc\/kernel\/cmdline/],
    ['where the file was not read', without('kernel-cmdline-file'), /could not be read whole \(kernel-cmdline-file\)/],
    ['where only its first line is text', { ...node, ...file(`${ROOT}\n\u0000`) }, /written back unchanged/],
    ['for an empty file', { ...node, ...file('') }, /no root=/],
    ['where the first line is blank', { ...node, ...file(`\n${ROOT}\n`) }, /no root=/],
    ['where a quote is left open', { ...node, ...file(`${ROOT} x="a b\n`) }, /quotes/],
    ['where the words would go to init', { ...node, ...file(`${ROOT} -- single\n`) }, /goes to init/],
    [
      'where the file has more than runs',
      { ...node, ...file(`${ROOT} init=/bin/sh\n`) },
      /next boot would change more/,
    ],
    ['where the kernels are not known', without('kernels'), /kernels/],
    [
      'where a newer kernel has not come to the ESPs yet',
      { ...node, ...kernels({ installed: [KERNEL, '6.8.12-4-pve'] }) },
      /cannot be told: it should be 6\.8\.12-4-pve/,
    ],
    [
      'where an ESP lacks the pinned kernel',
      { ...node, ...kernels({ pinned: '6.8.12-4-pve' }) },
      /4A10-77C1 does not hold/,
    ],
    [
      'where a kernel is pinned for one boot',
      {
        ...node,
        ...kernels({ nextBoot: KERNEL }),
        'loader-defaults': [{ uuid: '4A10-77C1', entry: `proxmox-${KERNEL}.conf` }],
      },
      /next boot only/,
    ],
    [
      'where a refresh would write the files of GRUB',
      { ...node, ...tool({ esps: [esp('4A10-77C1', uefi(KERNEL), { kind: 'grub', versions: [KERNEL] })] }) },
      /not set up for systemd-boot alone/,
    ],
    [
      'where an ESP is gone',
      { ...node, ...tool({ warnings: ['WARN: /dev/disk/by-uuid/7B1B-0001 does not exist'] }) },
      /cannot be had: no file system with the UUID 7B1B-0001/,
    ],
    [
      'where an ESP could not be mounted',
      { ...node, ...tool({ warnings: ['mount of /dev/disk/by-uuid/7B1B-0001 failed - skipping'] }) },
      /cannot be had: the file system 7B1B-0001 cannot be mounted/,
    ],
    [
      'where the pin has not come to an ESP, or an update has taken it off',
      {
        ...node,
        ...kernels({ pinned: KERNEL }),
        'loader-defaults': [
          { uuid: '4A10-77C1', entry: `proxmox-${KERNEL}.conf` },
          { uuid: '7B1B-0001', entry: 'proxmox-*' },
        ],
      },
      /is pinned, and the ESP 7B1B-0001 starts proxmox-\*/,
    ],
    [
      'where an ESP starts a kernel that is pinned no more',
      { ...node, 'loader-defaults': [{ uuid: '4A10-77C1', entry: `proxmox-${KERNEL}.conf` }] },
      /no kernel is pinned, and the ESP 4A10-77C1 starts/,
    ],
    ['where no ESP is shown', { ...node, ...tool({ esps: [] }) }, /no ESP/],
  ])('%s', (_, facts, why) => {
    expect(systemdBoot.forecast(facts, iommu)).toMatchObject({ refused: expect.stringMatching(why) })
  })
  test('for a word that is not on the list', () => {
    expect(systemdBoot.forecast(node, { args: { add: ['init=/bin/sh'], remove: [] } })).toMatchObject({
      refused: expect.stringContaining('init=/bin/sh'),
    })
  })
})

test('a whole node: a plan that is only to be read', async () => {
  const folder = join(import.meta.dirname, '../cases/systemd-boot-with-a-pinned-kernel/capture')
  const { plan } = thinkAbout(await readCapture(folder), { target: null })
  expect(plan).toMatchObject({
    chain: 'systemd-boot',
    trial: null,
    revert: 'none',
    kernel: KERNEL,
    args: { add: ['intel_iommu=on', 'iommu=pt'], remove: [] },
    edits: [{ text: `${ROOT} intel_iommu=on iommu=pt\n# the arguments of the old board: intel_iommu=off\n` }],
    commands: ['proxmox-boot-tool refresh'],
  })
})
