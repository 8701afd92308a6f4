import { z } from 'zod'
import { Actor } from './change.ts'
import type { Audit } from './ports.ts'

/** While it holds, nothing is started on any node. `until` null = until somebody thaws it. */
export const Freeze = z.object({
  id: z.literal('freeze'),
  version: z.number().int(),
  by: Actor,
  since: z.iso.datetime(),
  until: z.iso.datetime().nullable(),
})
export type Freeze = z.infer<typeof Freeze>

/** The sentence that stops an act; undefined when there is no freeze, or it is over. */
function whyFrozen(freeze: Freeze | undefined, now: Date): string | undefined {
  if (!freeze || (freeze.until !== null && now.toISOString() >= freeze.until)) return undefined
  const end =
    freeze.until === null
      ? 'until /pcie thaw'
      : `until ${freeze.until.slice(0, 16).replace('T', ' ')} UTC or /pcie thaw`
  return `${freeze.by.name} (${freeze.by.id}) froze all changes ${end}`
}

const outlasts = (one: Freeze, other: Freeze): boolean =>
  other.until !== null && (one.until === null || one.until > other.until)

/** Stops every start of a change, everywhere, over restarts. What is rebooting already is brought to its end. */
export interface Freezer {
  /** The sentence that stops an act; undefined when nothing is frozen. */
  why(): Promise<string | undefined>
  /** Seconds, or null for as long as nobody thaws. Of two freezes the one that lasts longer holds: only thawing makes it shorter. */
  freeze(by: Actor, seconds: number | null): Promise<Freeze>
  /** Whether there was one to lift. */
  thaw(by: Actor): Promise<boolean>
}

interface FreezeStore {
  get(id: string): Promise<Freeze | undefined>
  put(freeze: Freeze): Promise<void>
  remove(id: string): Promise<void>
}

/** Keeps the freeze in a store; no audit line, no freeze and no thaw. */
export function createFreezer({ store, audit, now }: { store: FreezeStore; audit: Audit; now: () => Date }): Freezer {
  return {
    why: async () => whyFrozen(await store.get('freeze'), now()),
    async freeze(by, seconds) {
      const at = now()
      const until = seconds === null ? null : new Date(at.getTime() + seconds * 1000).toISOString()
      const held = await store.get('freeze')
      const freeze: Freeze = { id: 'freeze', version: (held?.version ?? 0) + 1, by, since: at.toISOString(), until }
      await audit({ actor: by.id, act: 'frozen', detail: until === null ? 'until thawed' : `until ${until}` })
      if (held && whyFrozen(held, at) && outlasts(held, freeze)) return held
      await store.put(freeze)
      return freeze
    },
    async thaw(by) {
      const held = whyFrozen(await store.get('freeze'), now()) !== undefined
      await audit({ actor: by.id, act: 'thawed', detail: '' })
      await store.remove('freeze')
      return held
    },
  }
}
