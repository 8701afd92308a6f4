import type { Tone } from '../../src/cards/card.ts'

/** A sign per tone, so that nothing hangs on colour alone. */
export const SIGNS: Record<Tone, string> = { ok: '✓', info: '•', warn: '!', danger: '✗' }
