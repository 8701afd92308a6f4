import { describe, expect, test } from 'vitest'
import { editedDefaults } from '../../src/boot/grub-edits.ts'
import { grubForecast } from '../../src/boot/grub-forecast.ts'
import { isRefusal } from '../../src/errors.ts'
import type { Facts, Known } from '../../src/facts/facts.ts'
import { defaultGrub } from '../rules/sample.ts'

type Read = Known<'default-grub'> & Facts
type Entry = NonNullable<Facts['grub-cfg']>[number]
const file = (value: string, dropIns: NonNullable<Facts['default-grub-d']> = []) => defaultGrub(value, dropIns) as Read
const dropIn = (word: string) => [
  { path: '/etc/default/grub.d/site.cfg', text: `GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX ${word}"\n` },
]

/** What a change left on a node, and the edits that it made. */
function changed(remove: readonly string[], from: string, to: string) {
  const done = editedDefaults(file(from), { args: { add: [], remove } })
  if (isRefusal(done)) throw new Error(done.refused)
  expect(done.edits[0]?.text).toBe(file(to)['default-grub'].text)
  return done.edits
}

describe('taking an edit back', () => {
  const edits = changed(['iommu=soft'], 'quiet iommu=soft', 'quiet')

  test('gives the old bytes, and may bring back exactly the words they hold more', () => {
    expect(editedDefaults(file('quiet'), { restore: edits })).toMatchObject({
      edits: [{ before: edits[0]?.after, after: edits[0]?.before, text: edits[0]?.was, was: edits[0]?.text }],
      restores: ['iommu=soft'],
    })
  })

  test('a word that another file got meanwhile is not brought along', () => {
    const restored = editedDefaults(file('quiet', dropIn('nomodeset')), { restore: edits })
    expect(restored).toMatchObject({ restores: ['iommu=soft'] })
    const image = '/boot/vmlinuz-6.8.12-4-pve'
    const entry: Entry = { title: 'x', id: 'x', image, words: ['root=/dev/sda1', 'ro', 'quiet'], recovery: false }
    const running = 'root=/dev/sda1 ro quiet'
    const facts: Facts = { cmdline: { line: running, words: running.split(' ') }, 'grub-cfg': [entry] }
    expect(grubForecast({ ...facts, ...file('quiet') }, { restore: edits })).toMatchObject({
      kept: ['root=/dev/sda1', 'ro', 'quiet', 'iommu=soft'],
    })
    expect(grubForecast({ ...facts, ...file('quiet', dropIn('nomodeset')) }, { restore: edits })).toMatchObject({
      refused: expect.stringContaining('nomodeset'),
    })
  })

  test.each(['quiet ', 'quiet splash', ''])('is refused where the file holds "%s" now', (value) => {
    expect(editedDefaults(file(value), { restore: edits })).toMatchObject({
      refused: expect.stringContaining('/etc/default/grub is no longer what that change left'),
    })
  })
})
