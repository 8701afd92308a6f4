import { expect, test } from 'vitest'
import { parseGrubConfig } from '../../src/bootconfig/grub-config.ts'
import { entryOfKernel, releaseOf } from '../../src/bootconfig/grub-default-entry.ts'
import { isRefusal } from '../../src/errors.ts'
import { generateConfig } from '../../src/simulator/grub-model.ts'

const [newest, older] = ['6.8.12-4-pve', '6.8.12-3-pve']
const config = (pinned: string | null) =>
  parseGrubConfig(generateConfig('GRUB_CMDLINE_LINUX_DEFAULT="quiet"\n', [newest, older], pinned, '/boot/') ?? '')
const entry = (release: string, pinned: string | null = null) => {
  const found = entryOfKernel(config(pinned), release)
  if (isRefusal(found)) throw new Error(found.refused)
  return found
}

test('the default entry where it starts that kernel', () => {
  expect(entry(newest).id).toBe('gnulinux-simple-0a1b')
  expect(entry(older, older).id).toBe(`gnulinux-${older}-advanced-0a1b`)
})

test('an ordinary entry of the submenu otherwise, never the one for recovery', () => {
  expect(entry(older)).toMatchObject({
    id: `gnulinux-${older}-advanced-0a1b`,
    words: expect.arrayContaining(['quiet']),
  })
  expect(releaseOf(entry(newest, older).image)).toBe(newest)
})

test('a kernel that only stands behind a condition, or nowhere, is refused', () => {
  expect(entryOfKernel(config(null), '6.8.12-2-pve')).toHaveProperty('refused')
  const text = `menuentry 'a' { linux /boot/vmlinuz-${newest} ro\n}\nif [ x ]; then\nmenuentry 'b' { linux /boot/vmlinuz-${older} ro\n}\nfi\n`
  expect(entryOfKernel(parseGrubConfig(text), older)).toHaveProperty('refused')
})
