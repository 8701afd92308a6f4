import { OperatorError } from '../../errors.ts'
import { type HostKeys, isKey } from '../../ssh/host-keys.ts'
import type { Database } from './database.ts'

/** Pinned host keys, the same for all bots. */
export const createPgHostKeys = (database: () => Promise<Database>): HostKeys => ({
  async get(name) {
    const rows = await (await database()).read<{ key: string }>(
      'SELECT key FROM lanekeeper.host_keys WHERE name = $1',
      [name],
    )
    return rows[0]?.key ?? null
  },
  async pin(name, key) {
    if (!isKey(key)) throw new OperatorError('store-invalid', `${name}: this is no host key: ${key}`)
    await (await database()).change(async (client) => {
      await client.query(
        'INSERT INTO lanekeeper.host_keys VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET key = excluded.key',
        [name, key],
      )
    })
  },
})
