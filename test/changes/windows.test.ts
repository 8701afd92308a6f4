import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isOpen, isTimeZone, readWindow } from '../../src/changes/windows.ts'

describe('a window', () => {
  test.each([
    ['22:00-04:00', [0, 1, 2, 3, 4, 5, 6], 1320, 240],
    ['Sat 22:00-24:00', [6], 1320, 1440],
    ['fri-mon 01:30-05:00', [5, 6, 0, 1], 90, 300],
  ])('%s is read', (text, days, from, to) => expect(readWindow(text)).toEqual({ days, from, to }))
  test.each([
    '',
    'always',
    '22-04',
    'Sat',
    'Foo 22:00-04:00',
    '24:00-25:00',
    '10:60-11:00',
    'Sat-Foo 01:00-02:00',
    '24:00-01:00',
  ])('%s is none', (text) => expect(readWindow(text)).toBeNull())
})

// 2026-12-31 is a Thursday.
test.each<[string, string[], string, string, boolean]>([
  ['before it begins', ['Thu 22:00-04:00'], 'UTC', '2026-12-31T21:59:59Z', false],
  ['in its first second', ['Thu 22:00-04:00'], 'UTC', '2026-12-31T22:00:00Z', true],
  ['over midnight and the year’s end', ['Thu 22:00-04:00'], 'UTC', '2027-01-01T03:59:59Z', true],
  ['once it is over', ['Thu 22:00-04:00'], 'UTC', '2027-01-01T04:00:00Z', false],
  ['the next evening', ['Thu 22:00-04:00'], 'UTC', '2027-01-01T22:30:00Z', false],
  ['by the clock of the time zone', ['22:00-23:00'], 'Europe/Vienna', '2026-12-31T21:30:00Z', true],
  ['and not by UTC', ['22:00-23:00'], 'Europe/Vienna', '2026-12-31T22:30:00Z', false],
  ['in summer time', ['22:00-23:00'], 'Europe/Vienna', '2026-07-01T20:30:00Z', true],
  ['one of several', ['Mon 01:00-02:00', 'Thu 20:00-21:00'], 'UTC', '2026-12-31T20:10:00Z', true],
  ['none at all', [], 'UTC', '2026-12-31T20:10:00Z', true],
])('%s', (_, windows, zone, at, open) => expect(isOpen(windows, zone, new Date(at))).toBe(open))

test('a daily window and the rest of the day share out every minute', () => {
  const clock = fc
    .tuple(fc.nat({ max: 23 }), fc.nat({ max: 59 }))
    .map(([h, m]) => `${h}`.padStart(2, '0') + `:${m}`.replace(/:(\d)$/, ':0$1'))
  const moment = fc.date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true })
  fc.assert(
    fc.property(clock, clock, moment, (from, to, at) => {
      fc.pre(from !== to)
      expect(isOpen([`${from}-${to}`], 'UTC', at)).toBe(!isOpen([`${to}-${from}`], 'UTC', at))
    }),
  )
})

test('time zones are known by their names', () => {
  expect([isTimeZone('Europe/Vienna'), isTimeZone('UTC'), isTimeZone('Europe/Nowhere')]).toEqual([true, true, false])
})
