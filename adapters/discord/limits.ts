/**
 * What Discord takes at most, in characters unless said otherwise. A message shows a card as embeds; what does not fit is
 * attached and counted. `line` is ours: a longer line is broken, so that escaping can never push one beyond an embed.
 */
export const LIMITS = {
  content: 2000,
  embeds: 10,
  embedText: 4096,
  embedsTotal: 6000,
  footer: 2048,
  fileBytes: 10 * 1024 * 1024,
  threadName: 100,
  nonce: 25,
  commandName: 32,
  commandText: 100,
  commandTotal: 8000,
  /** How many people and roles a message calls at most; Discord would take 100 of each. */
  calls: 30,
  options: 25,
  choices: 25,
  choice: 100,
  line: 900,
} as const

/** How long an interaction's token can be used: Discord's 15 minutes, less one for clocks and ways. */
export const TOKEN_MS = 14 * 60_000

/** How long the completions may take to be found; Discord waits 3 seconds in all. */
export const COMPLETION_MS = 2000
