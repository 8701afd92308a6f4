import type { webApi } from '@slack/bolt'
import type { Actor } from '../../src/changes/change.ts'
import { OperatorError } from '../../src/errors.ts'
import type { Call } from './calls.ts'
import { MOST_NAMES } from './limits.ts'

export const PREFIX = 'slack:'

/** `slack:U0123` → `U0123`. */
export const userId = ({ id }: Actor): string => {
  if (id.startsWith(PREFIX)) return id.slice(PREFIX.length)
  throw new OperatorError('not-found', `${id} is nobody in Slack`)
}

/** People by their ids. A name is looked up when it is first needed, and is for reading only. */
export function createPeople(client: webApi.WebClient, call: Call) {
  const known = new Map<string, Actor>()

  const keep = (actor: Actor): Actor => {
    known.delete(actor.id)
    known.set(actor.id, actor)
    for (const oldest of known.keys()) if (known.size > MOST_NAMES) known.delete(oldest)
    return actor
  }

  return {
    /** Somebody whose name came along. */
    named: (id: string, name: string): Actor =>
      keep({ id: `${PREFIX}${id}`, name: name || id, bot: id === 'USLACKBOT' }),
    /** Without a name where it cannot be looked up: what counts is the id. */
    async by(id: string): Promise<Actor> {
      const had = known.get(`${PREFIX}${id}`)
      if (had) return had
      const unnamed = { id: `${PREFIX}${id}`, name: id, bot: id === 'USLACKBOT' }
      try {
        const { user } = await call('looking up a name', () => client.users.info({ user: id }))
        const name = user?.profile?.display_name || user?.real_name || user?.name || id
        return keep({ ...unnamed, name, bot: unnamed.bot || user?.is_bot === true })
      } catch {
        return unnamed
      }
    },
  }
}
export type People = ReturnType<typeof createPeople>
