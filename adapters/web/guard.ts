import type { IncomingMessage } from 'node:http'

/** Why a request is not listened to, as status and words; undefined = it may be. */
export interface No {
  readonly status: number
  readonly words: string
}

/**
 * What keeps other sites out: a name of this server must stand in Host (against names that were pointed here), and what changes
 * something must come from its own page, as JSON.
 */
export function refusal({ method, headers }: IncomingMessage, hosts: readonly string[]): No | undefined {
  const host = headers.host ?? ''
  if (!hosts.includes(host)) return { status: 421, words: `This page is not served as ${JSON.stringify(host)}.` }
  if (method === 'GET' || method === 'HEAD') return undefined
  if (method !== 'POST') return { status: 405, words: 'Only GET and POST are answered.' }
  const { origin, 'sec-fetch-site': site } = headers
  if (origin !== `http://${host}` && origin !== `https://${host}`)
    return { status: 403, words: 'That came from another site.' }
  if (site !== undefined && site !== 'same-origin') return { status: 403, words: 'That came from another site.' }
  if (!/^application\/json\b/.test(headers['content-type'] ?? '')) return { status: 415, words: 'JSON was expected.' }
  return undefined
}

/** What every answer says to the browser: nothing from elsewhere, no frame around it, no guessing. */
export const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
}
