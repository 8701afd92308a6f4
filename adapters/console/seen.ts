import { cardText } from '../../src/cards/text.ts'
import type { RoomEvent } from './view.ts'

const IDLE = ['proposed', 'closed']
const GUEST = /\b(?:vm:|qemu |vm )(\d{2,})\b/g
const DEVICE = /\b(?:[0-9a-f]{4}:)?[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]\b/g

/** What was seen in the room: for completion, and to know which changes are under way. */
export function createSeen() {
  const changes = new Map<string, { readonly title: string; readonly since: number }>()
  const known = new Set<string>()
  const targets = new Set<string>()
  const asking = new Set<string>()
  return {
    note(seen: RoomEvent): void {
      if (seen.event === 'file') return
      const { at, card, message, event } = seen
      const text = cardText(card)
      for (const [, id] of text.matchAll(GUEST)) targets.add(`vm:${id}`)
      for (const [address] of text.matchAll(DEVICE)) targets.add(`device:${address}`)
      if (event !== 'whisper' && message) asking[card.asks ? 'add' : 'delete'](message)
      if (!card.change) return
      const { id, state } = card.change
      known.add(id)
      if (IDLE.includes(state)) changes.delete(id)
      else if (changes.get(id)?.title !== card.title) changes.set(id, { title: card.title, since: Date.parse(at) })
    },
    changes: (): readonly string[] => [...known],
    targets: (): readonly string[] => [...targets].slice(-50),
    asking: (): readonly string[] => [...asking],
    underWay: () => [...changes.values()],
  }
}
