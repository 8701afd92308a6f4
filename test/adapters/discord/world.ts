/** The state of the stand-in for Discord: a server, its channels, people and messages, as Discord would word them. */
export const GUILD = '800000000000000001'
export const APP = '700000000000000001'
export const BOT = '700000000000000002'
export const OPS = '900000000000000001'
export const INCIDENTS = '900000000000000002'
export const TOKEN = 'a.good.token'

export const PEOPLE = {
  olga: { id: '600000000000000001', name: 'olga' },
  ada: { id: '600000000000000002', name: 'ada' },
  stranger: { id: '600000000000000003', name: 'stranger' },
  robot: { id: '600000000000000004', name: 'robot', bot: true },
} as const
export type Person = keyof typeof PEOPLE

let last = 1_000_000_000_000_000_000n
export const snowflake = (): string => {
  last += 1n
  return String(last)
}

export interface Message {
  readonly id: string
  readonly channel: string
  content: string
  embeds: { description?: string; footer?: { text: string }; color?: number }[]
  files: { name: string; text: string; content: Buffer }[]
  /** Emoji → user ids. */
  readonly reactions: Map<string, string[]>
  readonly body: Record<string, unknown>
  readonly replyTo: string | null
}
export interface Thread {
  readonly id: string
  readonly parent: string
  readonly name: string
  archived: boolean
}

export function createWorld() {
  return {
    messages: new Map<string, Message>(),
    threads: new Map<string, Thread>(),
    /** Direct channels: channel id → user id. */
    direct: new Map<string, string>(),
    commands: [] as Record<string, unknown>[],
    gone: new Set<string>(),
    /** Roles of the server: id → who has it, and whether everybody may mention it. */
    roles: new Map<string, { users: string[]; mentionable: boolean }>(),
    /** People who are not in the server. */
    left: new Set<string>(),
    nonces: new Map<string, string>(),
    everyone: '2251799813685248' as string,
  }
}
export type World = ReturnType<typeof createWorld>

export const userOf = (id: string) => {
  const person = Object.values(PEOPLE).find((one) => one.id === id)
  const bot = id === BOT || (person !== undefined && 'bot' in person)
  return {
    id,
    username: person?.name ?? (id === BOT ? 'lanekeeper' : `user${id.slice(-3)}`),
    avatar: null,
    discriminator: '0',
    public_flags: 0,
    flags: 0,
    ...(bot && { bot }),
    global_name: null,
    primary_guild: null,
  }
}

export const memberOf = (id: string, { roles }: Pick<World, 'roles'> = { roles: new Map() }) => ({
  user: userOf(id),
  roles: [...roles].filter(([, { users }]) => users.includes(id)).map(([role]) => role),
  avatar: null,
  banner: null,
  nick: null,
  joined_at: '2026-01-01T00:00:00.000Z',
  premium_since: null,
  communication_disabled_until: null,
  deaf: false,
  mute: false,
  pending: false,
  flags: 0,
})

export const channelOf = (id: string) => ({
  id,
  type: 0,
  flags: 0,
  guild_id: GUILD,
  name: id === OPS ? 'ops' : 'incidents',
  position: 0,
  permission_overwrites: [],
  nsfw: false,
  parent_id: null,
  topic: null,
  last_message_id: null,
  rate_limit_per_user: 0,
})

export const threadOf = ({ id, parent, name, archived }: Thread) => ({
  id,
  type: 11,
  flags: 0,
  guild_id: GUILD,
  name,
  parent_id: parent,
  owner_id: BOT,
  last_message_id: null,
  rate_limit_per_user: 0,
  message_count: 0,
  member_count: 1,
  total_message_sent: 0,
  thread_metadata: {
    archived,
    archive_timestamp: '2026-11-22T00:00:00.000Z',
    auto_archive_duration: 4320,
    locked: false,
  },
})

export const messageOf = ({ id, channel, content, embeds, files, reactions }: Message, base: string) => ({
  id,
  channel_id: channel,
  type: 0,
  content,
  author: userOf(BOT),
  mentions: [],
  mention_roles: [],
  mention_everyone: false,
  attachments: files.map(({ name, text }, index) => ({
    id: String(index + 1),
    filename: name,
    size: Buffer.byteLength(text),
    url: `${base}/files/${id}/${name}`,
    proxy_url: `${base}/files/${id}/${name}`,
  })),
  embeds: embeds.map((embed) => ({ type: 'rich', ...embed })),
  timestamp: '2026-11-22T00:00:00.000Z',
  edited_timestamp: null,
  flags: 0,
  components: [],
  pinned: false,
  tts: false,
  ...(reactions.size && {
    reactions: [...reactions].map(([emoji, users]) => ({
      emoji: emojiOf(emoji),
      count: users.length,
      count_details: { burst: 0, normal: users.length },
      burst_colors: [],
      me_burst: false,
      me: users.includes(BOT),
    })),
  }),
})

export const emojiOf = (emoji: string) => {
  const [name = '', id] = emoji.split(':')
  return { id: id ?? null, name }
}

const roleOf = (id: string, name: string, permissions: string, mentionable: boolean) => ({
  id,
  name,
  permissions,
  color: 0,
  colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
  hoist: false,
  position: 0,
  managed: false,
  mentionable,
  flags: 0,
})

export const guildOf = ({ everyone, threads, roles }: World) => ({
  id: GUILD,
  name: 'a server',
  unavailable: false,
  member_count: 3,
  large: false,
  owner_id: PEOPLE.olga.id,
  joined_at: '2026-01-01T00:00:00.000Z',
  roles: [
    roleOf(GUILD, '@everyone', everyone, false),
    ...[...roles].map(([id, { mentionable }]) => roleOf(id, `role ${id.slice(-2)}`, '0', mentionable)),
  ],
  emojis: [],
  stickers: [],
  features: [],
  channels: [OPS, INCIDENTS].map(channelOf),
  threads: [...threads.values()].filter(({ archived }) => !archived).map(threadOf),
  members: [memberOf(BOT)],
  presences: [],
  voice_states: [],
  stage_instances: [],
  guild_scheduled_events: [],
  soundboard_sounds: [],
  verification_level: 0,
  default_message_notifications: 0,
  explicit_content_filter: 0,
  mfa_level: 0,
  nsfw_level: 0,
  premium_tier: 0,
  preferred_locale: 'en-US',
  system_channel_flags: 0,
  afk_timeout: 300,
})
