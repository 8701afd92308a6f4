import type { z } from 'zod'
import type { ProbeName, probes } from './probes.ts'

/** What is known of a node after a visit, by probe name. A fact that could not be learned is absent, never defaulted. */
export type Facts = {
  readonly [P in (typeof probes)[number] as P['name']]?: z.infer<P['schema']>
}

/** The facts a rule asked for, all of them there. */
export type Known<K extends ProbeName> = { readonly [Name in K]-?: NonNullable<Facts[Name]> }
