import type { Writable } from 'node:stream'
import pc from 'picocolors'
import { clean, cleanCard } from '../../adapters/clean.ts'
import { drawCard } from '../../adapters/console/draw-card.ts'
import { SIGNS } from '../../adapters/console/signs.ts'
import type { Card } from '../cards/card.ts'
import { cardText } from '../cards/text.ts'
import { type ErrorCode, OperatorError, wordsOf } from '../errors.ts'

type Screen = Writable & { readonly isTTY?: boolean; readonly columns?: number }

/** A card on standard output: framed at a terminal, plain text elsewhere. */
export function printCard(card: Card, about: string, output: Screen, colour: boolean): void {
  const safe = cleanCard(card)
  const paint = pc.createColors(colour && pc.isColorSupported)
  if (output.isTTY) output.write(`${drawCard(safe, ` ${about} `, { columns: output.columns ?? 80, paint })}\n`)
  else output.write(`${SIGNS[safe.tone]} ${safe.title}\n\n${cardText(safe)}\n`)
}

const NODE_TROUBLE: readonly ErrorCode[] = [
  'node-unreachable',
  'host-key-unknown',
  'host-key-changed',
  'login-refused',
  'sudo-refused',
  'connection-lost',
  'time-limit',
  'size-limit',
]

/** An error in words on standard error, its hint below, no stack; the answer is the exit status of PROBES.md. */
export function printError(error: unknown, output: Writable, debug: boolean): number {
  const known = error instanceof OperatorError
  output.write(`lanekeeper: ${known ? '' : 'internal error, this is a bug: '}${clean(wordsOf(error))}\n`)
  if (known && error.hint) output.write(`  what to do: ${clean(error.hint)}\n`)
  if (!known)
    output.write(
      debug && error instanceof Error ? `${error.stack}\n` : '  what to do: LANEKEEPER_LOG=debug shows where\n',
    )
  if (!known) return 70
  return NODE_TROUBLE.includes(error.code) ? 3 : 2
}
