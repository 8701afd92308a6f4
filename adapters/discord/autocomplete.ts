import { setTimeout as sleep } from 'node:timers/promises'
import type { AutocompleteInteraction } from 'discord.js'
import { nearest } from '../../src/chat/nearest.ts'
import { type Declared, wordsOf } from './declaration.ts'
import { COMPLETION_MS, LIMITS } from './limits.ts'
import type { Seen } from './seen.ts'

type Names = readonly string[]

/** What there is to choose from, asked anew for every key that is pressed. */
export interface World {
  readonly commands: readonly Declared[]
  readonly nodes: () => Names
  /** Words that mean several nodes. */
  readonly groups?: () => Names
  readonly rules: Names
  /** Guests and devices of a node, as `vm:101` and `device:0000:01:00.0`; what cards told about is known anyway. */
  readonly targets?: (node: string) => Promise<Names> | Names
  readonly changes?: () => Promise<Names> | Names
}

/** Answers with the endings of what is being typed; with none when they cannot be found in time. */
export async function autocomplete(interaction: AutocompleteInteraction, world: World, seen: Seen): Promise<void> {
  const { name, value } = interaction.options.getFocused(true)
  const command = world.commands.find((one) => one.name === interaction.options.getSubcommand(false))
  const word = command && wordsOf(command).find((one) => one.name === name)
  const node = interaction.options.getString('node') ?? ''
  const known = await Promise.race([
    choices(word?.completes, node, world, seen).catch((): Names => []),
    sleep(COMPLETION_MS, [] as Names, { ref: false }),
  ])
  await interaction.respond(matching(value, known).map((one) => ({ name: one, value: one })))
}

async function choices(
  completes: Declared['completes'][number] | undefined,
  node: string,
  world: World,
  seen: Seen,
): Promise<Names> {
  switch (completes) {
    case undefined:
      return []
    case 'node':
      return world.nodes()
    case 'nodes':
      return [...world.nodes(), ...(world.groups?.() ?? [])]
    case 'rule':
      return world.rules
    case 'command':
      return world.commands.map(({ name }) => name)
    case 'change':
      return [...((await world.changes?.()) ?? []), ...seen.changes()]
    case 'target':
      return [...((await world.targets?.(node)) ?? []), ...seen.targets(node)]
    default:
      return completes satisfies never
  }
}

/** What begins so, then what holds it, then what is close to it. */
function matching(typed: string, known: Names): Names {
  const word = typed.trim().toLowerCase()
  const fitting = [...new Set(known)].filter((one) => one.length >= 1 && one.length <= LIMITS.choice)
  const begins = fitting.filter((one) => one.toLowerCase().startsWith(word))
  const holds = fitting.filter((one) => one.toLowerCase().includes(word))
  const close = word ? nearest(word, fitting) : []
  return [...new Set([...begins, ...holds, ...close])].slice(0, LIMITS.choices)
}
