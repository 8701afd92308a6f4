/**
 * What Slack takes at most, in characters unless said otherwise. `title` leaves room for a sign and a page number; `message`
 * is our budget below the undocumented total of about 13,200 over all blocks; `element` and `fallback` are ours as well: a
 * longer text is broken into several, at line ends.
 */
export const LIMITS = {
  header: 150,
  title: 120,
  element: 3000,
  blocks: 50,
  message: 12_000,
  fallback: 3000,
  /** How much of a card stands above the note that the rest is attached. */
  summary: 2500,
  note: 900,
  noteBlocks: 3,
  /** How many people and groups a message calls at most. */
  calls: 30,
} as const

/** How long a call may be held up by 429 answers, all in all, before it is given up. */
export const PATIENCE_MS = 120_000

/** How long one request may take; without a limit a silent peer would hold a message for ever. */
export const REQUEST_MS = 20_000

/** Retries of the WebClient after 5xx answers and lost connections: about seven seconds in all. */
export const RETRIES = { retries: 3, minTimeout: 1000, factor: 2, maxTimeout: 4000 } as const

export const MOST_NAMES = 1000
export const MOST_EVENTS = 5000
