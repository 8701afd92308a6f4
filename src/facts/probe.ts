import type { z } from 'zod'

/** One named thing read on a node: a POSIX sh snippet that only reads, and the parser of what it prints. */
export interface Probe<Name extends string = string, Fact = unknown> {
  readonly name: Name
  /** Runs under `sh` with LC_ALL=C; its standard output is the capture's file, its exit status is kept. */
  readonly snippet: string
  /** The probe is killed after so many seconds, or a third more where it shares a shell, and then costs only itself. */
  readonly seconds: number
  /** Output beyond so many bytes is cut, and the capture says so. */
  readonly maxBytes: number
  /** Slow ones (Perl) run in parallel beside the others. */
  readonly slow: boolean
  readonly schema: z.ZodType<Fact>
  /** Text in, fact out; throws `NotLearned` where the text does not tell (a refusal, an empty file that cannot be empty). */
  readonly parse: (text: string) => Fact
  /** What still holds of an output that was cut; without it a cut output tells nothing. */
  whenCut?(fact: Fact): Fact
}

/** The text of a probe does not tell its fact: the fact stays absent, with the reason. */
export class NotLearned extends Error {
  override readonly name = 'NotLearned'
}

interface Spec<Name extends string, Fact> {
  name: Name
  snippet: string
  schema: z.ZodType<Fact>
  parse: (text: string) => unknown
  seconds?: number
  maxBytes?: number
  slow?: boolean
  whenCut?(fact: Fact): Fact
}

/** Declares a probe; the parser's answer is checked by the schema. */
export const defineProbe = <const Name extends string, Fact>(spec: Spec<Name, Fact>): Probe<Name, Fact> => ({
  seconds: 15,
  maxBytes: 256 * 1024,
  slow: false,
  ...spec,
  parse: (text) => spec.schema.parse(spec.parse(text)),
})
