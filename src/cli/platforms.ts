import { nanoid } from 'nanoid'
import { z } from 'zod'
import type { ConfigFile } from './config-file.ts'
import { type Reactions, ReactionsGiven } from './reactions.ts'

const variable = z.string().regex(/^[A-Z][A-Z0-9_]*$/, 'expected the name of an environment variable')
const channel = z.string().min(1)

/** The chats besides the console, as they stand in the file: tokens are named there, never written. */
export const Platforms = {
  reactions: ReactionsGiven.prefault({}),
  slack: z
    .strictObject({
      botTokenEnv: variable.default('SLACK_BOT_TOKEN'),
      appTokenEnv: variable.optional(),
      signingSecretEnv: variable.optional(),
      /** Where Slack's requests arrive in HTTP mode: this machine alone, unless something in front of it is on another. */
      host: z.string().min(1, 'expected an address of this machine').default('127.0.0.1'),
      port: z.number().int().min(1).max(65535).default(3000),
      incidents: channel.optional(),
    })
    .refine(
      (slack) => slack.appTokenEnv === undefined || slack.signingSecretEnv === undefined,
      'give appTokenEnv (Socket Mode) or signingSecretEnv (HTTP), not both',
    )
    .optional(),
  discord: z
    .strictObject({
      tokenEnv: variable.default('DISCORD_TOKEN'),
      guild: z.string().regex(/^\d{5,}$/, 'expected the id of the server, in quotes'),
      incidents: z
        .string()
        .regex(/^\d{5,}$/, 'expected the id of a channel, in quotes')
        .optional(),
    })
    .optional(),
  web: z
    .strictObject({
      people: z.record(
        z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'expected a name of letters, digits, dot, dash or underscore'),
        variable,
      ),
      host: z.string().min(1).default('127.0.0.1'),
      port: z.number().int().min(0).max(65535).default(9470),
      /** Names under which a proxy in front of it is reached: `lanekeeper.example.org`. */
      names: z.array(z.string().min(1)).default([]),
    })
    .optional(),
}
const File = z.object(Platforms)

export interface SlackConfig {
  readonly botToken: string
  readonly entrance:
    | { readonly appToken: string }
    | { readonly signingSecret: string; readonly host: string; readonly port: number }
  readonly incidents: string | null
}

export interface DiscordConfig {
  readonly token: string
  readonly guild: string
  readonly incidents: string | null
}

export interface WebConfig {
  readonly host: string
  readonly port: number
  readonly names: readonly string[]
  readonly people: readonly { readonly name: string; readonly token: string }[]
  /** People may become one another: a demonstration. */
  readonly open: boolean
}

/** Shorter tokens could be guessed. */
const SHORTEST_TOKEN = 16

/** The page of a demonstration: everybody may be everybody, behind tokens of this run. */
export const demoWeb = (people: readonly string[]): WebConfig => ({
  host: '127.0.0.1',
  port: 0,
  names: [],
  people: people.map((name) => ({ name, token: nanoid(24) })),
  open: true,
})

/** The same with the tokens in it; a variable that is not set is told in `problems`. */
export function platformsOf(
  { reactions, slack, discord, web }: z.infer<typeof File>,
  env: Readonly<Record<string, string | undefined>>,
  yaml: ConfigFile,
  problems: string[],
): { reactions: Reactions; slack: SlackConfig | null; discord: DiscordConfig | null; web: WebConfig | null } {
  const secret = (path: string[], name: string): string => {
    const value = env[name]
    if (!value) problems.push(yaml.at(path, `the environment variable ${name} is not set`))
    return value ?? ''
  }
  return {
    reactions,
    slack: slack
      ? {
          botToken: secret(['slack', 'botTokenEnv'], slack.botTokenEnv),
          entrance: slack.signingSecretEnv
            ? {
                signingSecret: secret(['slack', 'signingSecretEnv'], slack.signingSecretEnv),
                host: slack.host,
                port: slack.port,
              }
            : { appToken: secret(['slack', 'appTokenEnv'], slack.appTokenEnv ?? 'SLACK_APP_TOKEN') },
          incidents: slack.incidents ?? null,
        }
      : null,
    discord: discord
      ? {
          token: secret(['discord', 'tokenEnv'], discord.tokenEnv),
          guild: discord.guild,
          incidents: discord.incidents ?? null,
        }
      : null,
    web: web
      ? {
          ...{ host: web.host, port: web.port, names: web.names, open: false },
          people: Object.entries(web.people).map(([name, variable]) => {
            const path = ['web', 'people', name]
            const token = secret(path, variable)
            if (token && token.length < SHORTEST_TOKEN)
              problems.push(
                yaml.at(path, `the token in ${variable} is too short: openssl rand -hex 16 makes a good one`),
              )
            return { name, token }
          }),
        }
      : null,
  }
}
