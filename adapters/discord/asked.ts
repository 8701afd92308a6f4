import { AsyncLocalStorage } from 'node:async_hooks'
import { type ChatInputCommandInteraction, MessageFlags } from 'discord.js'
import { wordsOf } from '../../src/errors.ts'
import type { Log } from '../../src/log.ts'
import { NOBODY } from './called.ts'
import { TOKEN_MS } from './limits.ts'
import type { Rendered } from './render.ts'

/** A command somebody gave, whose private answer can still be written. */
interface Asked {
  readonly interaction: ChatInputCommandInteraction
  readonly at: number
  answered: boolean
}

/**
 * The commands that were given, and their private answers: deferred at once, and closed with a card for that person alone or
 * with a pointer to the message everybody sees. A token that is late or used up is no trouble: the caller is told, and goes another way.
 */
export function createAsked(log: Pick<Log, 'warn'>, now: () => number) {
  const open = new Map<string, Asked>()
  const running = new AsyncLocalStorage<Asked>()
  const live = ({ at }: Asked) => now() - at < TOKEN_MS
  const keyOf = (user: string, channel: string) => `${user} ${channel}`

  const answer = async (asked: Asked, rendered: Rendered): Promise<boolean> => {
    if (!live(asked)) return false
    const first = !asked.answered
    asked.answered = true
    const { content, embeds, file } = rendered
    const files = file ? [{ attachment: file.data, name: file.name }] : []
    try {
      if (first) await asked.interaction.editReply({ content, embeds, files })
      else await asked.interaction.followUp({ content, embeds, files, flags: MessageFlags.Ephemeral })
      return true
    } catch (error) {
      log.warn({ because: wordsOf(error) }, 'Discord: a private answer could not be given')
      return false
    }
  }

  const close = async (asked: Asked, content: string): Promise<void> => {
    if (!asked.answered) await answer(asked, { content, embeds: [], file: null, whole: true, called: NOBODY })
  }

  return {
    /** Acknowledges a command and carries it out; one that cannot be acknowledged any more is carried out all the same. */
    async ask(interaction: ChatInputCommandInteraction, carryOut: () => Promise<void>): Promise<void> {
      let asked: Asked = { interaction, at: now(), answered: false }
      const key = keyOf(interaction.user.id, interaction.channelId)
      try {
        await interaction.deferReply({ flags: MessageFlags.Ephemeral })
        for (const [old, one] of open) if (!live(one)) open.delete(old)
        open.set(key, asked)
      } catch (error) {
        asked = { interaction, at: Number.NEGATIVE_INFINITY, answered: false }
        log.warn({ because: wordsOf(error) }, 'Discord: a command came too late to be acknowledged')
      }
      await running.run(asked, carryOut)
      await close(asked, 'Done.')
    },
    /** The command that is being carried out has been answered with this message. */
    async pointTo(guild: string, channel: string, message: string): Promise<void> {
      const asked = running.getStore()
      if (asked?.interaction.channelId === channel)
        await close(asked, `Answered in https://discord.com/channels/${guild}/${channel}/${message}`)
    },
    /** Shows this to one person alone, by a command they gave in this channel; false where there is none. */
    async tell(user: string, channel: string, rendered: Rendered): Promise<boolean> {
      const mine = running.getStore()
      const asked = mine?.interaction.user.id === user ? mine : open.get(keyOf(user, channel))
      return asked !== undefined && (await answer(asked, rendered))
    },
  }
}
