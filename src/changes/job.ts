import { z } from 'zod'
import type { Act } from '../boot/act-script.ts'
import type { FileEdit, TrialWork } from '../boot/chain.ts'

/** A piece of work in a plan: which job, and on what. */
export const JobOrder = z.object({ job: z.string(), with: z.record(z.string(), z.string()) })
export type JobOrder = z.infer<typeof JobOrder>
type On = JobOrder['with']

/** Of which change the work is a part. `kept`: the folder on the node for what has to be kept. */
export interface Site {
  readonly change: string
  readonly kept: string
  readonly edits: readonly FileEdit[]
}

/**
 * One kind of work on a node besides writing files: a program of the distribution or of Proxmox, with what has to hold before
 * it and its way back. Pure: acts are data, and may be repeated.
 */
export interface Job {
  readonly id: string
  /** As a person types it. */
  command(on: On): string
  /** What takes it back, as a person types it; null = nothing has to be taken back. */
  backCommand(on: On): string | null
  /** Checks that the node is as the plan found it, and keeps what taking back needs. Changes nothing that acts. */
  prepare(on: On, site: Site): readonly Act[]
  perform(on: On, site: Site): readonly Act[]
  takeBack(on: On, site: Site): readonly Act[]
  /** The work of an undo, once it was done; null = none is needed. */
  inverse(on: On): JobOrder | null
  /** Release of the kernel that starts by default once it is done; null = it does not choose one. */
  boots(on: On): string | null
  /** Name of the initramfs in /boot that it prepares for the trial. */
  tries?(site: Site): string
  /** Removes what only the trial needed. */
  tidy?(site: Site): readonly Act[]
}

/** What is to be done about the jobs of a plan, compiled. */
export interface JobActs extends TrialWork {
  readonly prepare: readonly Act[]
}

/** The job of an order. Throws for one that this version does not know: a plan is never carried out in part. */
export function jobOf(jobs: readonly Job[], { job }: JobOrder): Job {
  const found = jobs.find(({ id }) => id === job)
  if (!found) throw new Error(`there is no job "${job}" in this version of lanekeeper`)
  return found
}

/** The acts of all the jobs of a plan; taken back in the opposite order. */
export function compileJobs(jobs: readonly Job[], orders: readonly JobOrder[], site: Site): JobActs {
  const each = (kind: 'prepare' | 'perform' | 'takeBack') => (order: JobOrder) =>
    jobOf(jobs, order)[kind](order.with, site)
  return {
    prepare: orders.flatMap(each('prepare')),
    perform: orders.flatMap(each('perform')),
    takeBack: orders.toReversed().flatMap(each('takeBack')),
    tidy: orders.flatMap((order) => jobOf(jobs, order).tidy?.(site) ?? []),
    initramfs: orders.flatMap((order) => jobOf(jobs, order).tries?.(site) ?? []).at(0) ?? null,
  }
}
