import { z } from 'zod'

/** How a probe ended: exit status (null when killed by its time limit), milliseconds, and whether its output was cut. */
export const Taken = z.object({
  exit: z.number().int().nullable(),
  ms: z.number().optional(),
  cut: z.boolean().optional(),
})
export type Taken = z.infer<typeof Taken>

/** The raw output of all probes of one visit, as it lies in a folder: capture.json and one `<probe>.txt` per probe. */
export interface Capture {
  readonly node: string | null
  /** ISO 8601, UTC. */
  readonly takenAt: string | null
  readonly probes: Readonly<Record<string, Taken & { readonly text: string }>>
}
