import type { webApi } from '@slack/bolt'
import { OperatorError } from '../../src/errors.ts'
import type { Call } from './calls.ts'

/** Channels by id, or by a name of the configuration, which is resolved once. */
export function createChannels(client: webApi.WebClient, call: Call) {
  const ids = new Map<string, Promise<string>>()
  const spelled = new Map<string, string>()

  const find = async (name: string, channel: string): Promise<string> => {
    let cursor: string | undefined
    do {
      const page = await call(`looking for the channel ${name}`, () =>
        client.conversations.list({
          types: 'public_channel,private_channel',
          exclude_archived: true,
          limit: 1000,
          ...(cursor && { cursor }),
        }),
      )
      const id = page.channels?.find((channel) => channel.name === name)?.id
      if (id) {
        spelled.set(id, channel)
        return id
      }
      cursor = page.response_metadata?.next_cursor
    } while (cursor)
    throw new OperatorError('not-found', `Slack: there is no channel #${name}, or the bot cannot see it`, {
      hint: 'check the name, or write the id instead (channel details, at the bottom); a private channel needs /invite @lanekeeper',
    })
  }

  return {
    id(channel: string): Promise<string> {
      if (/^[A-Z][A-Z0-9]{7,}$/.test(channel)) return Promise.resolve(channel)
      const name = channel.replace(/^#/, '')
      const found = ids.get(name) ?? find(name, channel)
      ids.set(name, found)
      found.catch(() => ids.delete(name))
      return found
    },
    /** As a message there may be called: by the id, and as the configuration spells it. */
    spellings(id: string): readonly string[] {
      const name = spelled.get(id)
      return name === undefined ? [id] : [id, name]
    },
  }
}
export type Channels = ReturnType<typeof createChannels>
