import { z } from 'zod'
import type { Block, Card } from '../cards/card.ts'
import { MessageRef } from '../changes/change.ts'

/** What keeps records; `put` refuses a version that is not the kept one's next (the first is 1). */
export interface RecordStore<R extends { readonly id: string; readonly version: number }> {
  get(id: string): Promise<R | undefined>
  put(record: R): Promise<void>
  list(): Promise<readonly R[]>
  remove(id: string): Promise<void>
}

const words = z.array(z.string())
const KeptBlock: z.ZodType<Block> = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('heading'), text: z.string() }),
  z.object({ type: z.literal('fields'), fields: z.array(z.tuple([z.string(), z.string()])) }),
  z.object({ type: z.literal('list'), items: words }),
  z.object({ type: z.literal('code'), text: z.string() }),
  z.object({ type: z.literal('diff'), lines: words }),
])

/** Findings as they are kept: they never ask for anything themselves. */
const Findings: z.ZodType<Card> = z.object({
  title: z.string(),
  tone: z.enum(['ok', 'info', 'warn', 'danger']),
  blocks: z.array(KeptBlock),
})

/**
 * One message that shows a change. `card`: the whole card, reactions on it count; `incident`: the short one. `shown` is the
 * version of the change it shows, `told` how many lines of its log stand in the thread, `rescued` that the rescue text does.
 */
export const Place = z.object({
  kind: z.enum(['card', 'incident']),
  at: MessageRef,
  shown: z.number().int(),
  told: z.number().int(),
  rescued: z.boolean(),
})
export type Place = z.infer<typeof Place>

/** Which messages show a change (its id), with the findings that stay on the card. */
export const CardRecord = z.object({
  id: z.string(),
  version: z.number().int(),
  findings: Findings.nullable(),
  places: z.array(Place),
})
export type CardRecord = z.infer<typeof CardRecord>
