import type { Facts } from '../facts/facts.ts'
import type { Actor, Change } from './change.ts'
import type { Plan } from './plan.ts'

/** Where live changes are kept. `put` is durable when it resolves, and refuses a version that is not the next one. */
export interface ChangeStore {
  get(id: string): Promise<Change | undefined>
  put(change: Change): Promise<void>
  list(): Promise<readonly Change[]>
  remove(id: string): Promise<void>
}

/** Where closed changes go, for ever. */
export interface ChangeHistory {
  append(change: Change): Promise<void>
}

/** What has been closed, newest first; with `keep` only those. */
export interface ClosedChanges {
  last(most: number, keep?: (change: Change) => boolean): Promise<readonly Change[]>
}

/** Which of these groups a person is in at this moment, as the person's platform says. Throws when it cannot be asked. */
export type GroupsOf = (person: Actor, among: readonly string[]) => Promise<readonly string[]>

/** Who did what, to which node, in which change. */
interface AuditEntry {
  readonly actor: string
  readonly act: string
  readonly node?: string | undefined
  readonly change?: string | undefined
  readonly detail?: unknown
}

/** No audit line, no act: rejects when the line is not on disk. */
export type Audit = (line: AuditEntry & { detail: string }) => Promise<void>

/** A line of the audit trail as it was written: its number, and when. */
export interface AuditLine extends AuditEntry {
  readonly n: number
  readonly at: string
}

/** Who is told, and heard. `changed` never throws and holds nothing up; `rescue` resolves when the platform has acknowledged the post. */
export interface Tell {
  changed(change: Change, previous: Change | null): void
  rescue(change: Change): Promise<void>
  /** Over once all that people have said on the change's cards so far is taken in. Rejects where a chat cannot be asked. */
  hearOut(change: Change): Promise<void>
}

/** Looks at a node. `look` uses a connection of its own. */
export interface Eyes {
  look(node: string): Promise<Facts>
  /** The plan as it would be made now for the same cause, target and remedy; null with the reason when there is none. */
  replan(change: Change): Promise<{ plan: Plan; facts: Facts } | { plan: null; because: string }>
}

/** The acts on a node. Each may be repeated; each throws an `OperatorError` when it could not be done. */
export interface Hands {
  /** Prepares a change: copies, and what a trial boot takes. Nothing acts before it is through. */
  arm(change: Change): Promise<void>
  /** Carries out a change that no boot has to try. */
  mend(change: Change): Promise<void>
  /** Reboots out of the boot with this id, and only out of it; into a trial only where it is still armed. */
  restart(change: Change, bootId: string): Promise<void>
  boot(change: Change): Promise<{ readonly id: string; readonly words: readonly string[] }>
  keep(change: Change, trialBootId: string): Promise<void>
  /** Closes the trial entry; with `files` also gives the permanent files their old bytes back. Answers the files left alone because somebody else had edited them. */
  takeBack(change: Change, files: boolean): Promise<readonly string[]>
  /** Removes the trial entry, the flag and the guard. Answers what could not be reached, in sentences. */
  standDown(change: Change): Promise<readonly string[]>
}
