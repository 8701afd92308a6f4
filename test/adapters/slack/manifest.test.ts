import { globSync, readFileSync } from 'node:fs'
import type { webApi } from '@slack/bolt'
import { expect, test } from 'vitest'
import manifest from '../../../adapters/slack/manifest.json' with { type: 'json' }

type Manifest = NonNullable<webApi.AppsManifestCreateArguments['manifest']>

/** Literal types are widened when JSON is imported: names are compared below, the shape here. */
type Widened<T> = T extends string
  ? string
  : T extends readonly (infer U)[]
    ? Widened<U>[]
    : T extends object
      ? { [K in keyof T]: Widened<T[K]> }
      : T

test('the manifest has the shape that the Web API takes', () => {
  const checked: Widened<Manifest> = manifest
  expect(checked.display_information.name.length).toBeLessThanOrEqual(35)
  expect(checked.display_information.description?.length).toBeLessThanOrEqual(140)
  expect(checked.display_information.long_description?.length).toBeGreaterThanOrEqual(174)
  expect(checked.display_information.long_description?.length).toBeLessThanOrEqual(4000)
  expect(checked.features?.bot_user?.display_name).toMatch(/^[a-z0-9._-]{1,80}$/)
  for (const { command, description, usage_hint } of manifest.features.slash_commands) {
    expect(command).toMatch(/^\/\S{1,31}$/)
    expect(description.length).toBeLessThanOrEqual(2000)
    expect(usage_hint.length).toBeLessThanOrEqual(1000)
  }
  expect(manifest.settings.socket_mode_enabled).toBe(true)
})

/** What each method that the adapter calls takes; api.slack.com/methods. Nothing for those that take no scope. */
const SCOPES: Readonly<Record<string, readonly string[]>> = {
  'auth.test': [],
  'chat.postMessage': ['chat:write'],
  'chat.update': ['chat:write'],
  'chat.postEphemeral': ['chat:write'],
  'reactions.add': ['reactions:write'],
  'reactions.get': ['reactions:read'],
  'users.info': ['users:read'],
  // By the app's own token, which has a scope of its own.
  'apps.connections.open': [],
  'conversations.info': ['channels:read', 'groups:read'],
  'conversations.list': ['channels:read', 'groups:read'],
  filesUploadV2: ['files:write'],
  'usergroups.users.list': ['usergroups:read'],
}

test('the scopes are exactly those that the calls and events take', () => {
  const code = globSync('adapters/slack/*.ts')
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n')
  const called = [...code.matchAll(/\bclient\.((?:[a-z]+\.)*[a-zA-Z2]+)\(/g)]
    .map(([, method = '']) => method)
    .filter((method) => !['start', 'disconnect', 'on'].includes(method))
  expect(called.toSorted()).toEqual(expect.arrayContaining(Object.keys(SCOPES).toSorted()))
  const needed = new Set([
    'commands',
    'reactions:read',
    ...called.flatMap((method) => SCOPES[method] ?? [`unknown: ${method}`]),
  ])
  expect(manifest.oauth_config.scopes.bot.toSorted()).toEqual([...needed].toSorted())
  expect(manifest.settings.event_subscriptions.bot_events).toEqual(['reaction_added', 'reaction_removed'])
})
