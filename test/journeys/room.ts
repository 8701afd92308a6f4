import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** One line of `serve --events`. */
export interface RoomEvent {
  readonly at: string
  readonly event: 'post' | 'edit' | 'whisper' | 'file'
  readonly message: string | null
  readonly channel: string
  readonly thread: string | null
  readonly to?: string
  readonly card: {
    readonly title: string
    readonly tone: string
    readonly text: string
    readonly change?: string
    readonly state?: string
    readonly digest?: string
    readonly asks?: 'approval'
  }
}

/** The bot as a process of its own, driven as people would drive it: by typing. */
export interface Room {
  readonly events: readonly RoomEvent[]
  /** What it wrote to standard error. */
  readonly log: () => string
  say(line: string): void
  /** The first event that fits, among those that came and those to come. */
  until(says: string, fits: (event: RoomEvent) => boolean, seconds?: number): Promise<RoomEvent>
  /** Its exit status; null while it runs. */
  readonly status: () => number | null
  /** SIGTERM, as Docker and systemd end it. Answers its exit status. */
  terminate(): Promise<number | null>
  /** SIGKILL, as a crash would end it. */
  kill(): Promise<void>
  /** Closes standard input and waits for the process. Answers its exit status. */
  end(): Promise<number | null>
}

/** A data folder that goes when the test is over. */
export const dataFolder = (): { path: string; remove: () => void } => {
  const path = mkdtempSync(join(tmpdir(), 'lanekeeper-room-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

interface Rooms {
  readonly data: string
  readonly config?: string
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** A program that runs it, with the words before it. */
  readonly under?: readonly string[]
}

/** Starts `lanekeeper serve --events`, with a configuration file or on the simulated nodes. */
export function openRoom({ data, config, cwd = '.', env = {}, under = [] }: Rooms): Room {
  const root = join(import.meta.dirname, '../..')
  const [program = '', ...words] = [...under, join(root, 'node_modules/.bin/node'), join(root, 'src/cli.ts')]
  const child = spawn(program, [...words, 'serve', '--events', ...(config ? ['--config', config] : [])], {
    cwd,
    env: { ...process.env, LANEKEEPER_DATA: data, LANEKEEPER_LOG: 'info', ...env },
    stdio: 'pipe',
  })
  const events: RoomEvent[] = []
  const listeners = new Set<(event: RoomEvent) => void>()
  let log = ''
  child.stderr.on('data', (bytes) => {
    log += bytes
  })
  createInterface({ input: child.stdout }).on('line', (line) => {
    const event = JSON.parse(line) as RoomEvent
    events.push(event)
    for (const listener of listeners) listener(event)
  })
  return {
    events,
    log: () => log,
    status: () => child.exitCode,
    say: (line) => void child.stdin.write(`${line}\n`),
    until: (says, fits, seconds = 30) =>
      new Promise((resolve, reject) => {
        const found = events.find(fits)
        if (found) return resolve(found)
        const listener = (event: RoomEvent) => {
          if (!fits(event)) return
          over()
          resolve(event)
        }
        const late = setTimeout(() => {
          over()
          const last = events
            .slice(-6)
            .map(({ event, message, card }) => `  ${event} ${message ?? ''} [${card.state ?? ''}] ${card.title}`)
          reject(
            new Error(
              `waited ${seconds} s for: ${says}\nlast events:\n${last.join('\n')}\n${events.at(-1)?.card.text ?? ''}\nlog:\n${log.slice(-1500)}`,
            ),
          )
        }, seconds * 1000)
        const over = () => {
          clearTimeout(late)
          listeners.delete(listener)
        }
        listeners.add(listener)
      }),
    terminate: () => gone(child, () => child.kill('SIGTERM')),
    kill: () => gone(child, () => child.kill('SIGKILL')).then(() => undefined),
    end: () => gone(child, () => child.stdin.end()),
  }
}

const gone = (child: ChildProcess, act: () => void): Promise<number | null> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve(child.exitCode)
    child.once('exit', resolve)
    act()
  })

/** The card of a change in a state, as it was posted or edited in the room it was asked in. */
export const shows =
  (state: string, change?: string) =>
  ({ event, channel, card }: RoomEvent): boolean =>
    event !== 'whisper' &&
    channel !== 'incidents' &&
    card.state === state &&
    (change === undefined || card.change === change)

/** Types a diagnosis and waits for the card that asks for approval. */
export async function askFor(
  room: Room,
  command: string,
  seconds = 60,
): Promise<{ message: string; change: string; text: string }> {
  const from = room.events.length
  room.say(command)
  const { message, card } = await room.until(
    `a card that asks for approval after ${command}`,
    (event) => room.events.indexOf(event) >= from && event.card.asks === 'approval' && event.channel !== 'incidents',
    seconds,
  )
  if (message === null || card.change === undefined) throw new Error('the card has no message or no change')
  return { message, change: card.change, text: card.text }
}
