/** How long what may take, in milliseconds; the whole run and its bytes are limited by each caller. */
export interface SshLimits {
  /** TCP, handshake and login, over all hops. */
  readonly connectMs: number
  /** The host's answer to "start a shell". */
  readonly startMs: number
  /** A running script that neither prints nor ends. Longer than src/boot/acts/ gives a tool that prints nothing (five minutes), so that the node says what hung. */
  readonly silenceMs: number
  /** A connection nobody uses is closed after this. */
  readonly idleMs: number
  /** Between signs of life on every connection; three missing ones end it. */
  readonly keepaliveMs: number
}

export const LIMITS: SshLimits = {
  connectMs: 15_000,
  startMs: 10_000,
  silenceMs: 340_000,
  idleMs: 60_000,
  keepaliveMs: 5_000,
}
