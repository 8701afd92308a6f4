import type { Facts, Known } from '../facts/facts.ts'
import type { ProbeName } from '../facts/probes.ts'
import type { Target } from './target.ts'
import type { Visit } from './visit.ts'

export type Severity = 'blocker' | 'warning' | 'notice'

/** What was seen, in which probe: the line that a verdict rests on. */
export interface Evidence {
  readonly saw: string
  readonly probe: ProbeName
}

/** What a rule found: one finding per rule and visit, over all the devices it concerns (full BDFs). */
export interface Finding {
  readonly severity: Severity
  readonly devices: readonly string[]
  readonly evidence: readonly Evidence[]
  /** One sentence for this case; the rule's title where absent. */
  readonly says?: string
  /** Ids of the remedies to try, best first; none = only a person can cure it. */
  readonly remedies: readonly string[]
  /** The cases it is made of, worst first: a cause that explains some of them mutes those alone. */
  readonly cases?: readonly Pick<Finding, 'devices' | 'evidence' | 'says'>[]
  /** Numbers of the guests it is about, where a remedy has to know. */
  readonly guests?: readonly number[]
  /** Release of the installed kernel that should run instead. */
  readonly kernel?: string
  /** Words of the kernel line that the finding itself would have otherwise: a misspelt one, one in the wrong file. */
  readonly suggests?: { readonly add: readonly string[]; readonly remove: readonly string[] }
}

/** A rule's answer. `unknown` names the probes whose evidence is missing: it could not look. */
export type Answer = 'ok' | { readonly unknown: readonly ProbeName[] } | Finding

/** One kind of trouble: a pure function from facts to evidence. `why` and `fix` are whole sentences for people. */
export interface Rule {
  readonly id: string
  readonly title: string
  readonly why: string
  readonly fix: string
  readonly links: readonly string[]
  /** Ids of all remedies that a finding of it may name; none = always for a person. */
  readonly remedies: readonly string[]
  /** Without all of these the answer is `unknown`. */
  readonly needs: readonly ProbeName[]
  /** Causes that explain this one: when one of them is found as blocker, this rule is muted. */
  readonly mutedBy: readonly string[]
  /** Nobody may call a node healthy while this rule is unknown. */
  readonly matters: boolean
  /** Speaks of the upkeep of the host: as a warning it leads a verdict only when no other warning does. */
  readonly upkeep: boolean
  /** What is known when the answer is ok, as part of the sentence that calls a node healthy. */
  readonly clear: string | null
  /** `past`: what is remembered of the visit before; null where nothing is. */
  readonly check: (facts: Facts, target: Target | null, past: Visit | null) => Answer
}

interface Spec<K extends ProbeName>
  extends Omit<Rule, 'check' | 'needs' | 'mutedBy' | 'matters' | 'upkeep' | 'clear' | 'links' | 'remedies'> {
  needs: readonly K[]
  mutedBy?: readonly string[]
  matters?: boolean
  upkeep?: boolean
  clear?: string
  links?: readonly string[]
  remedies?: readonly string[]
  /** Gets the needed facts for sure, and whatever else was learned. */
  check: (facts: Known<K> & Facts, target: Target | null, past: Visit | null) => Answer
}

/** Declares a rule; `check` is called only when all that it needs is known. */
export const defineRule = <const K extends ProbeName>(spec: Spec<K>): Rule => ({
  mutedBy: [],
  matters: false,
  upkeep: false,
  clear: null,
  links: [],
  remedies: [],
  ...spec,
  check: (facts, target, past) => spec.check(facts as Known<K> & Facts, target, past),
})
