import type { Readable, Writable } from 'node:stream'
import pc from 'picocolors'
import type { Card } from '../../src/cards/card.ts'
import type { Reactions } from '../../src/cards/reactions.ts'
import type { Command } from '../../src/chat/command.ts'
import { type ConsoleAdapter, createRoom } from './console.ts'
import { eventLine } from './event-line.ts'
import { createLinesView } from './lines-view.ts'
import { createMessageIds } from './message-ids.ts'
import { createTerminalView } from './terminal-view.ts'
import { transcript } from './transcript.ts'

export type { ConsoleAdapter } from './console.ts'

export interface ConsoleOptions {
  readonly people: readonly string[]
  /** Where commands are typed; every other channel only hears. */
  readonly channel: string
  readonly commands: readonly Command[]
  readonly input: Readable
  readonly output: Writable & { readonly columns?: number }
  /** `events`: lines of JSON for a program; `terminal`: drawn for a person; `plain`: a transcript. */
  readonly mode: 'events' | 'terminal' | 'plain'
  /** Where the number of the last message is kept; null = start at m1 every time. */
  readonly idsFile: string | null
  /** The highest number that a kept card has: never given again, even if the file is lost. */
  readonly idsAfter?: number
  /** Where attached files are written; null = nowhere, and attaching one is an error. */
  readonly filesFolder: string | null
  readonly reactions?: Reactions
  /** For completion. */
  readonly nodes?: () => readonly string[]
  /** Words that mean several nodes. */
  readonly groups?: () => readonly string[]
  readonly targets?: (node: string) => readonly string[]
  readonly rules?: readonly string[]
  readonly colour?: boolean
  readonly welcome?: Card
  readonly now?: () => Date
}

/** The chat room in a terminal, or on the standard streams of a program. */
export function createConsoleAdapter(options: ConsoleOptions): ConsoleAdapter {
  const { people, channel, commands, idsFile, filesFolder, reactions, welcome, now = () => new Date() } = options
  return createRoom({
    people,
    channel,
    commandNames: commands.map(({ name }) => name),
    ids: createMessageIds(idsFile, options.idsAfter),
    view: viewFor(options, now),
    filesFolder,
    now,
    ...(reactions && { reactions }),
    ...(welcome && { welcome }),
  })
}

function viewFor(
  {
    mode,
    input,
    output,
    people,
    channel,
    commands,
    nodes,
    groups,
    targets = () => [],
    rules = [],
    colour,
  }: ConsoleOptions,
  now: () => Date,
) {
  if (mode === 'events') return createLinesView(input, output, eventLine)
  if (mode === 'plain') return createLinesView(input, output, transcript)
  const paint = pc.createColors(colour ?? pc.isColorSupported)
  const world = () => ({ commands, people, nodes: nodes?.() ?? [], groups: groups?.() ?? [], rules, targets })
  return createTerminalView({ input, output, paint, home: channel, world, now })
}
