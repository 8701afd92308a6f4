import type { FileEdit } from '../boot/chain.ts'
import type { ArgumentsChange } from '../bootconfig/kernel-line.ts'
import type { Refusal } from '../errors.ts'
import type { Facts } from '../facts/facts.ts'
import type { JobOrder } from './job.ts'

/** What a remedy is asked to cure: the cause's rule id, and the devices (full BDFs) it concerns. */
export interface Ailment {
  readonly cause: string
  readonly devices: readonly string[]
  /** The guests it concerns, by number. */
  readonly guests?: readonly number[]
  /** Release of the installed kernel that the finding itself would have run. */
  readonly kernel?: string
  /** What the finding itself says should change on the line. */
  readonly suggests?: ArgumentsChange
}

/** What a remedy wants: arguments for the kernel line (none = those already in the file), and what may go wrong by it. */
export interface Wish {
  readonly title: string
  readonly args: ArgumentsChange
  readonly risk: 1 | 2
  readonly risks: readonly string[]
  /** Files besides those that the node boots from. */
  readonly files?: readonly FileEdit[]
  /** Work besides: in order, after the files are written. */
  readonly jobs?: readonly JobOrder[]
  /** Release of another kernel than the one that would boot. */
  readonly kernel?: string
  /** Nothing of it is for a boot to try: it is done without a reboot. */
  readonly inPlace?: true
}

/** Knows one kind of repair. Pure: the boot chain plans the edit, the runner does the work. */
export interface Remedy {
  readonly id: string
  readonly title: string
  wish(facts: Facts, ailment: Ailment): Wish | Refusal
  /** What is not cured yet, in sentences; empty = cured. Reads the facts of a visit after the trial boot, or after the repair. `jobs`: those of the plan. */
  uncured(facts: Facts, ailment: Ailment & { readonly jobs?: readonly JobOrder[] }): readonly string[]
}
