const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const FORM = /^(?:([a-z]{3})(?:-([a-z]{3}))? )?(\d{2}):(\d{2})-(\d{2}):(\d{2})$/i
const DAY_MINUTES = 24 * 60

interface Window {
  /** Days of the week on which it begins, Sunday = 0. */
  readonly days: readonly number[]
  /** Minutes after midnight; an end that is not later than the start lies on the next day. */
  readonly from: number
  readonly to: number
}

/** Reads `22:00-04:00`, `Sat 22:00-04:00` or `Mon-Fri 01:00-05:00`; null for anything else. */
export function readWindow(text: string): Window | null {
  const [, first, last, ...clock] = FORM.exec(text.trim()) ?? []
  const [fromHour = 24, fromMinute = 60, toHour = 25, toMinute = 60] = clock.map(Number)
  if (fromHour > 23 || toHour > 24 || fromMinute > 59 || toMinute > 59 || toHour * 60 + toMinute > DAY_MINUTES)
    return null
  const [start, end] = [first, last ?? first].map((name) => (name === undefined ? 0 : DAYS.indexOf(name.toLowerCase())))
  if (start === undefined || end === undefined || start < 0 || end < 0) return null
  const days =
    first === undefined
      ? [...DAYS.keys()]
      : Array.from({ length: ((end - start + 7) % 7) + 1 }, (_, at) => (start + at) % 7)
  return { days, from: fromHour * 60 + fromMinute, to: toHour * 60 + toMinute }
}

/** Whether one of the windows is open at that moment, by the clock on the wall of that time zone; no windows are always open. */
export function isOpen(windows: readonly string[], timeZone: string, now: Date): boolean {
  if (windows.length === 0) return true
  const { day, minute } = wallClock(timeZone, now)
  return windows.some((text) => {
    const window = readWindow(text)
    if (!window) return false
    const { days, from, to } = window
    if (from < to) return days.includes(day) && minute >= from && minute < to
    return (days.includes(day) && minute >= from) || (days.includes((day + 6) % 7) && minute < to)
  })
}

/** Whether this machine knows the time zone (IANA, `Europe/Vienna`). */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

function wallClock(timeZone: string, now: Date): { day: number; minute: number } {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(now)
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? ''
  return {
    day: DAYS.indexOf(part('weekday').toLowerCase()),
    minute: Number(part('hour')) * 60 + Number(part('minute')),
  }
}
