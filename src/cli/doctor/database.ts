import { amiss, type Check, failure, well } from '../../../adapters/check.ts'
import { openDatabase } from '../../store/postgres/database.ts'

const PATIENCE_MS = 3000

/** Whether the database of several bots can be used, and who leads. Without one there is nothing to say; never throws. */
export async function checkDatabase(url: string | null): Promise<Check[]> {
  if (url === null) return []
  try {
    const database = await openDatabase(url, { patienceMs: PATIENCE_MS })
    try {
      const [leader] = await database.read<{ name: string; leads: boolean }>(
        `SELECT name, EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database()
           AND application_name = left('lanekeeper leader ' || name, 63)) AS leads FROM lanekeeper.leader`,
      )
      const [{ version } = { version: '' }] = await database.read<{ version: string }>('SHOW server_version')
      if (!leader)
        return [
          amiss('database: the table lanekeeper.leader is empty', 'remove the schema lanekeeper, and start again'),
        ]
      return [
        well(`database: PostgreSQL ${version}; ${leader.leads ? `${leader.name} leads` : 'no bot leads at present'}`),
      ]
    } finally {
      await database.close()
    }
  } catch (error) {
    return [failure(error)]
  }
}
