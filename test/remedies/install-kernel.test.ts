import { describe, expect, test } from 'vitest'
import { isRefusal } from '../../src/errors.ts'
import type { Facts } from '../../src/facts/facts.ts'
import { installKernel } from '../../src/remedies/install-kernel.ts'
import { defaultGrub, line } from '../rules/sample.ts'

const release = '5.15.158-2-pve-relaxablermrr'
const running = '5.15.158-2-pve'
const given = {
  path: `/var/lib/lanekeeper/packages/k.deb`,
  sha256: 'b'.repeat(64),
  name: `pve-kernel-${release}`,
  version: '5.15.158-2',
  release,
}
/** What GRUB reads on a node: its entries, that of this kernel first. */
const grubStarts = (kernel: string): Facts => {
  const words = ['root=/dev/mapper/pve-root', 'ro', 'quiet']
  const entry = (release: string) => ({
    ...{ title: release, id: release, image: `/boot/vmlinuz-${release}`, path: release },
    ...{ words, recovery: false },
  })
  return {
    ...line(`BOOT_IMAGE=/boot/vmlinuz-${running} ${words.join(' ')}`),
    ...defaultGrub('quiet', []),
    'grub-cfg': [entry(kernel), entry(running)],
    'boot-tool': { managed: false, booted: null, esps: [], warnings: [] },
  }
}
const node = (differs: Partial<Facts> = {}, pinned: string | null = null): Facts => ({
  uname: running,
  ...grubStarts(running),
  firmware: { efi: false, secureBoot: 'unknown' } as never,
  kernels: { installed: [running], running, pinned, nextBoot: null, default: running },
  'kernel-packages': [given],
  ...differs,
})
const without = (name: keyof Facts, facts: Facts): Facts =>
  Object.fromEntries(Object.entries(facts).filter(([key]) => key !== name))
const ailment = { cause: 'rmrr-blocks-device', devices: [], kernel: release }
const wish = (facts: Facts) => {
  const made = installKernel.wish(facts, ailment)
  if (isRefusal(made)) throw new Error(made.refused)
  return made
}

describe('install-kernel', () => {
  test('pins what runs before it installs, without a reboot, as a plan of risk 2', () => {
    expect(wish(node())).toMatchObject({
      inPlace: true,
      risk: 2,
      jobs: [
        { job: 'kernel-pin', with: { from: '', to: running } },
        { job: 'install-package', with: { path: given.path, sha256: given.sha256, release } },
      ],
    })
    expect(wish(node({}, running)).jobs?.map(({ job }) => job)).toEqual(['install-package'])
  })

  test('is cured when the kernel is there and the next boot is what runs now', () => {
    const plan = { ...ailment, jobs: wish(node()).jobs ?? [] }
    const kernels = (installed: string[], pinned: string | null): Facts =>
      node({
        kernels: { installed, running, pinned, nextBoot: null, default: pinned ?? release },
        ...grubStarts(pinned ?? release),
      })
    expect(installKernel.uncured(kernels([running, release], running), plan)).toEqual([])
    expect(installKernel.uncured(kernels([running, release], null), plan)).toEqual([expect.stringContaining(running)])
    expect(installKernel.uncured(kernels([running], running), plan)).toEqual([expect.stringContaining(release)])
    expect(installKernel.uncured({}, plan)).not.toEqual([])
    // A pin that has not come to GRUB is a file and no more.
    const stands = { ...kernels([running, release], running), ...grubStarts(release) }
    expect(installKernel.uncured(stands, plan)).toEqual([expect.stringContaining(`would be ${release}`)])
    expect(installKernel.uncured(without('grub-cfg', stands), plan)).toEqual([
      expect.stringContaining('cannot be told'),
    ])
  })

  test.each<[string, Facts, RegExp]>([
    ['Secure Boot is on', node({ firmware: { efi: true, secureBoot: 'enabled' } as never }), /Secure Boot/],
    [
      'Secure Boot could not be read under UEFI',
      node({ firmware: { efi: true, secureBoot: 'unknown' } as never }),
      /Secure Boot/,
    ],
    ['no sum lies beside the file', node({ 'kernel-packages': [{ ...given, sha256: null }] }), /no sha256/],
    ['no package lies there', node({ 'kernel-packages': [] }), /no package/],
    [
      'it is installed already',
      node({ kernels: { installed: [running, release], running, pinned: null, nextBoot: null, default: running } }),
      /installed already/,
    ],
    ['what boots is not known', without('cmdline', node()), /not known for sure/],
    ['the kernels could not be read', { uname: running, 'kernel-packages': [given] }, /could not be read/],
  ])('is refused where %s', (_, facts, why) =>
    expect(installKernel.wish(facts, ailment)).toMatchObject({ refused: expect.stringMatching(why) }),
  )
})
