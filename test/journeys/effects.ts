import type { Hands } from '../../src/changes/ports.ts'
import type { EngineParts } from '../../src/engine.ts'
import type { Bench } from './bench.ts'

/** Stands around an effect that the bot has on the world; `name` is what it does. */
export type Around = <Args extends unknown[], T>(
  name: string,
  act: (...args: Args) => Promise<T>,
) => (...args: Args) => Promise<T>

/** An engine's parts with something standing around each of its effects: every save, audit line, rescue text and act on the node. */
export async function aroundEffects(bench: Bench, around: Around): Promise<Partial<EngineParts>> {
  const { store, closed } = await bench.stores()
  return {
    store: { ...store, put: around('put', store.put), remove: around('remove', store.remove) },
    closed: { ...closed, append: around('append', closed.append) },
    audit: around('audit', async () => undefined),
    tell: { changed: () => undefined, hearOut: async () => undefined, rescue: around('rescue', async () => undefined) },
    wrapHands: (hands: Hands): Hands => ({
      boot: hands.boot,
      arm: around('arm', hands.arm),
      restart: around('restart', hands.restart),
      keep: around('keep', hands.keep),
      mend: around('mend', hands.mend),
      takeBack: around('takeBack', hands.takeBack),
      standDown: around('standDown', hands.standDown),
    }),
  }
}
