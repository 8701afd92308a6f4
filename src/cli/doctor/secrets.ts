import type { Config } from '../../config.ts'

/** Shorter ones would be found in ordinary words. */
const SHORTEST = 6

type Secretive = Pick<Config, 'nodes' | 'slack' | 'discord' | 'web' | 'databaseUrl'>

/** Every token, secret and passphrase of the configuration. */
export function secretsOf({ nodes, slack, discord, web, databaseUrl }: Secretive): string[] {
  const phrases = Object.values(nodes).flatMap(({ passphrase, jump }) => [passphrase, jump?.passphrase])
  const entrance = slack?.entrance
  const doors = entrance && ('appToken' in entrance ? entrance.appToken : entrance.signingSecret)
  const database = databaseUrl === null ? undefined : decodeURIComponent(new URL(databaseUrl).password)
  const pages = web?.people.map(({ token }) => token) ?? []
  return [...phrases, ...pages, slack?.botToken, doors, discord?.token, database].filter(
    (one) => one !== undefined && one.length >= SHORTEST,
  ) as string[]
}

/** The text with every secret struck out, whoever put it there. */
export const without = (secrets: readonly string[], text: string): string =>
  secrets.reduce((rest, secret) => rest.replaceAll(secret, '[redacted]'), text)
