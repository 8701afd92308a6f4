import { expect, test } from 'vitest'
import { monthBegins, pveRelease } from '../../src/knowledge/releases.ts'

test('every release but the newest says how to leave it', () => {
  for (const major of [5, 6, 7, 8]) {
    const release = pveRelease(major)
    expect(release?.next?.major).toBe(major + 1)
    expect(release?.supportedUntil).not.toBeNull()
  }
  expect(pveRelease(9)).toMatchObject({ supportedUntil: null, next: null })
  expect(pveRelease(10)).toBeUndefined()
})

test('a month begins on its first day, UTC, and December is followed by January', () => {
  expect(monthBegins('2026-08')).toBe(Date.UTC(2026, 7, 1) / 1000)
  expect(monthBegins('2026-08', 1)).toBe(Date.UTC(2026, 8, 1) / 1000)
  expect(monthBegins('2026-12', 1)).toBe(Date.UTC(2027, 0, 1) / 1000)
})
