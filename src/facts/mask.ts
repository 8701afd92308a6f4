import { isIPv6 } from 'node:net'
import type { Capture } from './capture.ts'

/**
 * A capture that may be shown to others: serials, UUIDs, hardware and public network addresses, comments of guests and
 * whatever looks like a secret are replaced. The same thing gets the same stand-in everywhere, so that what belongs
 * together still does; PCI addresses and memory ranges are left alone.
 */
export function maskCapture(capture: Capture): Capture {
  const standIns = makeStandIns()
  const probes = Object.entries(capture.probes).map(([name, taken]) => {
    return [name, { ...taken, text: maskText(name, taken.text, standIns) }] as const
  })
  return { ...capture, probes: Object.fromEntries(probes) }
}

type StandIns = ReturnType<typeof makeStandIns>

function makeStandIns() {
  const given = new Map<string, string>()
  const counts = new Map<string, number>()
  return (kind: string, secret: string, form: (count: number) => string): string => {
    const key = `${kind} ${secret.toLowerCase()}`
    const known = given.get(key)
    if (known !== undefined) return known
    const count = (counts.get(kind) ?? 0) + 1
    counts.set(kind, count)
    given.set(key, form(count))
    return form(count)
  }
}

// Version numbers look like network addresses; these probes hold the ones and not the others.
const VERSIONS = new Set(['pveversion', 'kernels', 'uname', 'os-release', 'lspci', 'boot-tool', 'boot-loader', 'iomem'])

function maskText(probe: string, text: string, standIn: StandIns): string {
  const secret = (word: string) => standIn('secret', word, (count) => `masked-${count}`)
  let masked = probe === 'guests' ? text.replace(COMMENT, '$1#') : text
  for (const pattern of SECRETS) {
    masked = masked.replace(
      pattern,
      (_, before: string, word: string) => `${before}${keep(word) ? word : secret(word)}`,
    )
  }
  masked = masked
    .replace(UUID, (word) => standIn('uuid', word, uuidOf))
    .replace(MAC, (word) => (word === '00:00:00:00:00:00' ? word : standIn('mac', word, macOf)))
  if (VERSIONS.has(probe)) return masked
  return masked
    .replace(IPV4, (word) => (isPublic(word) ? standIn('ipv4', word, (count) => `192.0.2.${count % 256}`) : word))
    .replace(IPV6, (word) =>
      isIPv6(word) ? standIn('ipv6', word, (count) => `2001:db8::${count.toString(16)}`) : word,
    )
}

/** Comments of a guest hold what people wrote down: names, links, now and then a password. */
const COMMENT = /^((?:\/\S{1,200}?\.conf:)?)#.*$/gm

const NAME =
  '(?:passw(?:or)?d|passphrase|secret|token|api[-_]?key|auth[-_]?key|private[-_]?key|psk|sshkeys?|credentials?)'

/** Each with what stays before it, and the secret itself. */
const SECRETS = [
  new RegExp(`((?<![\\w.-])[\\w.-]{0,60}${NAME}[\\w-]{0,20}\\s{0,3}[=:]\\s{0,3}["']?)([^\\s"',;]+)`, 'gi'),
  /((?<![\w-])serial(?:[-_ ]?(?:number|no))?[=:] {0,3})([^\s"',;]+)/gi,
  /(\/dev\/disk\/by-id\/)([^\s"',;]+)/g,
  /(:\/\/)([^\s/@:]{1,100}:[^\s/@]{1,100})(?=@)/g,
  /((?:ssh-(?:rsa|ed25519|dss)|ecdsa-sha2-\S{1,20})(?: |%20))([A-Za-z0-9+/=%]{20,})/g,
  /()((?:\$(?:1|5|6|y|2[aby])\$)[./A-Za-z0-9$=,]{20,})/g,
  /()(\b(?:xox[a-z]-|gh[pousr]_|github_pat_|glpat-|AKIA|eyJ[A-Za-z0-9_-]{10,}\.)[A-Za-z0-9_.-]{10,})/g,
]

const UUID = /(?<![0-9a-f])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![0-9a-f])/gi
const MAC = /(?<![0-9a-f:])(?:[0-9a-f]{2}:){5}[0-9a-f]{2}(?![0-9a-f:])/gi
const IPV4 = /(?<![\w.~+-])\d{1,3}(?:\.\d{1,3}){3}(?![\w~+-]|\.\w)/g
const IPV6 = /(?<![\w:.])[23][0-9a-f]{3}:(?:[0-9a-f]{0,4}:){1,6}[0-9a-f]{0,4}(?![\w:.])/gi

/** Switches, numbers and what was masked already are no secrets. */
const keep = (word: string): boolean => /^(?:\d{1,2}|yes|no|on|off|true|false|none|masked-\d+)$/i.test(word)

const uuidOf = (count: number): string => `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`

const macOf = (count: number): string =>
  `02:00:00:${[16, 8, 0].map((shift) => ((count >> shift) & 255).toString(16).padStart(2, '0')).join(':')}`

function isPublic(address: string): boolean {
  const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number)
  if ([a, b, c, d].some((part) => part > 255)) return false
  if (a === 0 || a === 10 || a === 127 || a >= 224) return false
  if (a === 100) return b < 64 || b > 127
  if (a === 172) return b < 16 || b > 31
  return !((a === 192 && b === 168) || (a === 169 && b === 254) || (a === 192 && b === 0 && c === 2))
}
