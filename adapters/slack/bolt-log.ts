import { type Logger, LogLevel } from '@slack/bolt'
import { wordsOf } from '../../src/errors.ts'

export interface SlackLog {
  info(about: object, words: string): void
  warn(about: object, words: string): void
  error(about: object, words: string): void
}

/** Bolt's own words in our log. What it says at debug level holds messages and headers, and goes nowhere. */
export function boltLog(log: SlackLog): Logger {
  const say =
    (level: keyof SlackLog) =>
    (...words: unknown[]) =>
      log[level]({ from: 'bolt' }, words.map(wordsOf).join(' '))
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: say('warn'),
    error: say('error'),
    setLevel: () => undefined,
    getLevel: () => LogLevel.WARN,
    setName: () => undefined,
  }
}
