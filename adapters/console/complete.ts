/** What there is to complete to, at this moment. */
export interface World {
  readonly commands: readonly { readonly name: string; readonly completes: readonly string[] }[]
  readonly people: readonly string[]
  readonly nodes: readonly string[]
  /** Words that mean several nodes. */
  readonly groups: readonly string[]
  readonly rules: readonly string[]
  readonly changes: readonly string[]
  /** Guests and devices of a node. */
  readonly targets: (node: string) => readonly string[]
  /** Messages that ask for approval. */
  readonly messages: readonly string[]
}

/** The endings of a line, and the part of it they replace: as readline's completer wants it. */
export function complete(line: string, world: World): [hits: string[], typed: string] {
  const words = line.trimStart().split(/\s+/)
  const typed = words.at(-1) ?? ''
  const hits = choices(words, world).filter((one) => one.toLowerCase().startsWith(typed.toLowerCase()))
  return [hits.length === 1 ? hits.map((one) => (one.endsWith(':') ? one : `${one} `)) : hits, typed]
}

function choices(words: readonly string[], world: World): readonly string[] {
  const [first = '', second = ''] = words
  if (words.length === 1) return ['/pcie', '/as', '+', '-', '~', '/quit', ...world.commands.map(({ name }) => name)]
  if (/^\/as$/i.test(first)) return words.length === 2 ? world.people : []
  if (/^[+~-]$/.test(first)) return words.length === 2 ? world.messages : []
  const slash = /^\/?pcie$/i.test(first)
  if (slash && words.length === 2) return world.commands.map(({ name }) => name)
  const command = world.commands.find(({ name }) => name === (slash ? second : first).replace(/^\//, '').toLowerCase())
  const typed = words.slice(slash ? 2 : 1)
  switch (command?.completes[typed.length - 1]) {
    case 'node':
      return world.nodes
    case 'nodes':
      return [...world.nodes, ...world.groups]
    case 'target':
      return ['vm:', 'device:', ...world.targets(typed[command.completes.indexOf('target') - 1] ?? '')]
    case 'change':
      return world.changes
    case 'rule':
      return world.rules
    case 'command':
      return world.commands.map(({ name }) => name)
    default:
      return []
  }
}
