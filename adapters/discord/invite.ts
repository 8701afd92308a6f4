import { GatewayIntentBits, OAuth2Scopes, PermissionFlagsBits } from 'discord.js'

/** Exactly the permissions that are used, with what each is for. */
export const PERMISSIONS = {
  ViewChannel: 'to see the channel',
  SendMessages: 'to post cards',
  EmbedLinks: 'to show cards as boxes',
  AttachFiles: 'to attach what is too long',
  ReadMessageHistory: 'to read reactions back and to edit old cards',
  AddReactions: 'to offer the two reactions',
  CreatePublicThreads: 'to open the thread of an incident',
  SendMessagesInThreads: 'to tell every step there',
} as const satisfies Partial<Record<keyof typeof PermissionFlagsBits, string>>

export type Permission = keyof typeof PERMISSIONS

/** Exactly the intents that are used. None of them is privileged: nothing has to be switched on in the portal. */
export const INTENTS = [
  'Guilds',
  'GuildMessageReactions',
] as const satisfies readonly (keyof typeof GatewayIntentBits)[]

export const intentBits = INTENTS.map((name) => GatewayIntentBits[name])

/** Where an administrator of the server lets the bot in, with just what it needs. */
export function inviteLink(applicationId: string): string {
  const names = Object.keys(PERMISSIONS) as Permission[]
  const bits = names.reduce((sum, name) => sum | PermissionFlagsBits[name], 0n)
  const query = new URLSearchParams({
    client_id: applicationId,
    scope: [OAuth2Scopes.Bot, OAuth2Scopes.ApplicationsCommands].join(' '),
    permissions: String(bits),
  })
  return `https://discord.com/oauth2/authorize?${query}`
}
