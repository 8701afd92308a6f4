import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { byNewest, newestOf } from '../../src/bootconfig/entry-order.ts'
import { tool } from '../tool.ts'

describe('the kernel that systemd-boot starts where loader.conf says proxmox-*', () => {
  test.each([
    [['6.8.8-2-pve', '6.8.12-4-pve', '6.5.13-6-pve'], '6.8.12-4-pve'],
    [['6.8.12-4-pve', '6.8.12-14-pve'], '6.8.12-14-pve'],
    // The one with more behind it is the older: in `sort -V`, and for GRUB, it is the other way round.
    [['6.2.16-20-pve', '6.2.16-20-pve-relaxablermrr'], '6.2.16-20-pve'],
    [['6.2.16-20-bpo11-pve', '5.15.158-2-pve'], '6.2.16-20-bpo11-pve'],
    [[], undefined],
  ])('of %j it is %s', (releases, newest) => {
    expect(newestOf(releases)).toBe(newest)
    expect(newestOf(releases.toReversed())).toBe(newest)
  })
})

test.skipIf(!tool('systemd-analyze', 'systemd'))('it is the order that systemd itself tells of any two names', () => {
  const part = fc.oneof(fc.nat({ max: 120 }).map(String), fc.constantFrom('pve', 'bpo11', 'rc', 'a', 'relaxablermrr'))
  const name = fc
    .array(fc.tuple(fc.constantFrom('-', '.', '', '~', '^'), part), { minLength: 1, maxLength: 5 })
    .map((parts) => `proxmox-6${parts.flat().join('')}.conf`)
  fc.assert(
    fc.property(name, name, (one, other) => {
      const { status } = spawnSync('systemd-analyze', ['compare-versions', one, other])
      // 11: the first is the newer, 12: the second.
      expect(Math.sign(byNewest(one, other)), `${one} ${other}`).toBe(status === 0 ? 0 : status === 11 ? -1 : 1)
    }),
    { numRuns: 150 },
  )
})
