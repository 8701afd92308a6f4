/** The codes an operator's error can carry; cards, exit statuses and tests go by them, never by prose. */
export type ErrorCode =
  | 'config-invalid'
  | 'usage'
  | 'node-unknown'
  | 'node-unreachable'
  | 'host-key-unknown'
  | 'host-key-changed'
  | 'login-refused'
  | 'sudo-refused'
  | 'connection-lost'
  | 'time-limit'
  | 'size-limit'
  | 'capture-invalid'
  | 'act-failed'
  | 'not-found'
  | 'store-invalid'
  | 'store-locked'
  | 'store-unreachable'
  | 'audit-broken'

/** Something a person has to act on: what was being done and what came, and in `hint` what to do next. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError'
  readonly code: ErrorCode
  readonly hint: string | undefined
  constructor(code: ErrorCode, message: string, { hint, cause }: { hint?: string; cause?: unknown } = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.hint = hint
  }
}

/** A "no" that the design foresees: a value that says why, and how to get past it. */
export interface Refusal {
  readonly refused: string
  readonly hint?: string
}

/** Tells a refusal from an answer. */
export const isRefusal = (value: unknown): value is Refusal =>
  typeof value === 'object' && value !== null && 'refused' in value

/** What to do next, where the error says it. */
export const hintOf = (error: unknown): string | undefined => (error instanceof OperatorError ? error.hint : undefined)

/** The words of any error, for a log line or a card. */
export const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
