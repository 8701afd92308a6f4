import type { Card } from '../../src/cards/card.ts'
import { cardText } from '../../src/cards/text.ts'

const GUEST = /\b(?:vm:|qemu |vm )(\d{2,})\b/g
const DEVICE = /\b(?:[0-9a-f]{4}:)?[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]\b/g
const MOST = 200

/** What cards told about: changes, and the guests and devices of each node, for completion; and their titles, for threads. */
export function createSeen(nodes: () => readonly string[]) {
  const changes = new Set<string>()
  const targets = new Map<string, Set<string>>()
  const titles = new Map<string, string>()
  return {
    /** A message shows a card of this title now. */
    shown(message: string, title: string): void {
      titles.delete(message)
      titles.set(message, title)
      for (const oldest of titles.keys()) if (titles.size > MOST) titles.delete(oldest)
    },
    title: (message: string): string | undefined => titles.get(message),
    note(card: Card): void {
      if (card.change) remember(changes, card.change.id)
      const node = nodes().find((name) => card.title.startsWith(name) && !/^[\w.-]/.test(card.title.slice(name.length)))
      if (node === undefined) return
      const its = targets.get(node) ?? new Set()
      targets.set(node, its)
      const text = cardText(card)
      for (const [, id] of text.matchAll(GUEST)) remember(its, `vm:${id}`)
      for (const [address] of text.matchAll(DEVICE)) remember(its, `device:${address}`)
    },
    changes: (): readonly string[] => [...changes].toReversed(),
    targets: (node: string): readonly string[] => [...(targets.get(node) ?? [])],
  }
}

export type Seen = ReturnType<typeof createSeen>

function remember(set: Set<string>, what: string): void {
  set.delete(what)
  set.add(what)
  for (const oldest of set) if (set.size > MOST) set.delete(oldest)
}
