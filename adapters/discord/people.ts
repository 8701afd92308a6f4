import type { Actor } from '../../src/changes/change.ts'
import { oneLine } from './escape.ts'

interface Person {
  readonly id: string
  readonly username: string
  readonly global_name?: string | null
  readonly bot?: boolean
}

/** Somebody on Discord: the id never changes, the name is for reading. */
export const actorOf = ({ id, username, global_name, bot = false }: Person): Actor => ({
  id: `discord:${id}`,
  name: oneLine(global_name || username) || id,
  bot,
})

/** Discord's own id of somebody; undefined for people of other platforms. */
export const userId = ({ id }: Pick<Actor, 'id'>): string | undefined => /^discord:(\d+)$/.exec(id)?.[1]
