import { describe, expect, test } from 'vitest'
import { sysfbInitActs, videoOffActs } from '../../src/knowledge/boot-framebuffer.ts'

describe('which argument reaches the boot framebuffer', () => {
  test.each([
    ['5.13.19-6-pve', true, true],
    ['5.15.30-2-pve', null, true],
    ['6.2.16-20-bpo11-pve', null, true],
    ['6.5.13-5-pve', null, true],
    ['6.8.12-4-pve', false, true],
    ['6.14.8-2-bpo12-pve', false, true],
    ['6.17.9-1-pve', false, true],
    ['7.0.2-6-pve', false, true],
    ['6.18.48-talos', false, false],
    ['6.18.48', null, null],
    ['6.1.0-28-amd64', null, null],
  ])('%s', (release, video, sysfb) => {
    expect(videoOffActs(release)).toBe(video)
    expect(sysfbInitActs(release, [])).toBe(sysfb)
  })
  test('on a kernel that is not in the table, who holds the memory decides', () => {
    expect(sysfbInitActs('6.1.0-28-amd64', ['efifb'])).toBe(true)
    expect(sysfbInitActs('6.18.48', ['BOOTFB', 'simpledrm'])).toBeNull()
    expect(sysfbInitActs(undefined, [])).toBeNull()
  })
})
