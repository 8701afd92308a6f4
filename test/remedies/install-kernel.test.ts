import { describe, expect, test } from 'vitest'
import { isRefusal } from '../../src/errors.ts'
import type { Facts } from '../../src/facts/facts.ts'
import { installKernel } from '../../src/remedies/install-kernel.ts'

const release = '5.15.158-2-pve-relaxablermrr'
const running = '5.15.158-2-pve'
const given = {
  path: `/var/lib/lanekeeper/packages/k.deb`,
  sha256: 'b'.repeat(64),
  name: `pve-kernel-${release}`,
  version: '5.15.158-2',
  release,
}
const node = (differs: Partial<Facts> = {}, pinned: string | null = null): Facts => ({
  uname: running,
  firmware: { efi: false, secureBoot: 'unknown' } as never,
  kernels: { installed: [running], running, pinned, nextBoot: null, default: running },
  'kernel-packages': [given],
  ...differs,
})
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
      node({ kernels: { installed, running, pinned, nextBoot: null, default: pinned ?? release } })
    expect(installKernel.uncured(kernels([running, release], running), plan)).toEqual([])
    expect(installKernel.uncured(kernels([running, release], null), plan)).toEqual([expect.stringContaining(running)])
    expect(installKernel.uncured(kernels([running], running), plan)).toEqual([expect.stringContaining(release)])
    expect(installKernel.uncured({}, plan)).not.toEqual([])
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
    ['the kernels could not be read', { uname: running, 'kernel-packages': [given] }, /could not be read/],
  ])('is refused where %s', (_, facts, why) =>
    expect(installKernel.wish(facts, ailment)).toMatchObject({ refused: expect.stringMatching(why) }),
  )
})
