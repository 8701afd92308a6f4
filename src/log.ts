import { type DestinationStream, type Logger, pino } from 'pino'

export type Log = Logger

const SECRETS = ['passphrase', 'password', 'token', 'secret', 'privateKey', 'authorization']

/** A log of JSON lines on standard error. Secrets never stand in it, at whatever depth they come with an object. */
export function createLog(
  level: string | null,
  destination: DestinationStream = pino.destination({ fd: 2, sync: true }),
): Log {
  const quiet = level ?? (process.stderr.isTTY ? 'warn' : 'info')
  return pino(
    {
      level: LEVELS.includes(quiet) ? quiet : 'info',
      base: null,
      redact: {
        paths: SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`, `*.*.*.${name}`]),
        censor: '[redacted]',
      },
    },
    destination,
  )
}

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']
