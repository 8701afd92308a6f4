import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import manifest from '../../../adapters/slack/manifest.json' with { type: 'json' }

interface Hooks {
  register(hook: { url: string; events: string[]; active: boolean; owner: string }): unknown
}
interface Plugin {
  register(app: unknown, store: unknown, webhooks: Hooks, ...more: unknown[]): void
  seed(...all: unknown[]): void
}

export const SIGNING_SECRET = 'a-signing-secret-of-the-tests'
export const BOT_TOKEN = 'xoxb-lanekeeper'
export const PEOPLE = ['olga', 'ann', 'bob', 'stranger'] as const
export type Person = (typeof PEOPLE)[number]
const CHANNELS = ['ops', 'incidents'] as const

/** npm `emulate`, a Slack that nobody here wrote, with exactly the scopes of our manifest; its events go to `eventsUrl`. */
export async function startEmulator(eventsUrl: string, port: number) {
  await shimmed(eventsUrl)
  const { createEmulator } = await import('emulate')
  const baseUrl = `http://127.0.0.1:${port}`
  const emulator = await createEmulator({
    service: 'slack',
    port,
    baseUrl,
    seed: {
      slack: {
        signing_secret: SIGNING_SECRET,
        strict_scopes: true,
        users: PEOPLE.map((name) => ({ name, real_name: name })),
        channels: CHANNELS.map((name) => ({ name })),
        oauth_apps: [
          {
            app_id: 'A0LANE',
            client_id: '1.2',
            client_secret: 'secret',
            name: 'Lanekeeper',
            redirect_uris: [],
            bot_id: 'B0LANEKEEPER',
            bot_user_id: 'U0LANEKEEPER',
            bot_name: 'lanekeeper',
            scopes: manifest.oauth_config.scopes.bot,
          },
        ],
        tokens: [
          {
            token: BOT_TOKEN,
            type: 'bot',
            user_id: 'U0LANEKEEPER',
            bot_id: 'B0LANEKEEPER',
            bot_user_id: 'U0LANEKEEPER',
            app_id: 'A0LANE',
            scopes: manifest.oauth_config.scopes.bot,
          },
          ...PEOPLE.map((user) => ({
            token: `xoxp-${user}`,
            type: 'user' as const,
            user,
            scopes: [
              'reactions:read',
              'reactions:write',
              'channels:read',
              'channels:history',
              'users:read',
              'chat:write',
              'files:read',
            ],
          })),
        ],
      },
    },
  })
  return { url: baseUrl, close: () => emulator.close() }
}

let target = ''
let wrapped = false

/** The published package has no way to name an event URL: its plugin is wrapped, in the module instance that it uses itself. */
async function shimmed(eventsUrl: string): Promise<void> {
  target = eventsUrl
  if (wrapped) return
  wrapped = true
  const dist = join(import.meta.dirname, '../../../node_modules/emulate/dist')
  const chunk = globSync('dist-*.js', { cwd: dist }).find((name) =>
    /\bslackPlugin\b/.test(readFileSync(join(dist, name), 'utf8')),
  )
  const { slackPlugin } = (await import(pathToFileURL(join(dist, chunk ?? '')).href)) as { slackPlugin: Plugin }
  const { register, seed } = slackPlugin
  let hooks: Hooks | undefined
  slackPlugin.register = (app, store, webhooks, ...more) => {
    hooks = webhooks
    register.call(slackPlugin, app, store, webhooks, ...more)
  }
  slackPlugin.seed = (...all) => {
    seed.call(slackPlugin, ...all)
    hooks?.register({ url: target, events: ['*'], active: true, owner: 'slack' })
  }
}
