import type { Facts } from '../facts/facts.ts'
import type { Concern } from './concern.ts'
import type { Evidence } from './rule.ts'
import { startLines } from './start-failures.ts'
import type { Target } from './target.ts'

/** A line about the reset of a device of the target. */
export interface ResetLine {
  readonly address: string
  readonly evidence: Evidence
}

/** Reset methods that somebody asked for and the kernel did not take (5.15 and newer). */
export const resetMethodRefusals = (facts: Facts, concern: Concern): ResetLine[] =>
  (facts['kernel-log']?.lines ?? [])
    .filter((line) => /Unsupported reset method '/.test(line))
    .flatMap((saw) => concern.namedIn(saw).map((address) => ({ address, evidence: { saw, probe: 'kernel-log' } })))

/** QEMU says that it cannot reset a device (message Q-RESET): no way at all, or a bus reset that would hit another group. */
export const resetComplaints = (facts: Facts, target: Target | null, concern: Concern): ResetLine[] =>
  startLines(facts, target)
    .filter((line) => /Cannot reset device .*(no available reset mechanism|depends on group \d+)/i.test(line))
    .flatMap((saw) => concern.namedIn(saw).map((address) => ({ address, evidence: { saw, probe: 'tasks' } })))

/** Starts that Proxmox gave up because the reset failed: qemu-server up to 8.2.5 did, newer ones go on (message P-RESET-DIE). */
export const fatalResets = (facts: Facts, target: Target | null, concern: Concern): ResetLine[] =>
  startLines(facts, target)
    .filter((line) => /can't reset PCI device '/.test(line))
    .flatMap((saw) => concern.namedIn(saw).map((address) => ({ address, evidence: { saw, probe: 'tasks' } })))

/** Starts that ended in QEMU's assertion on the interrupt pin: the card had not come back. */
export const lostAtStart = (facts: Facts, target: Target | null): Evidence[] =>
  startLines(facts, target)
    .filter((line) => /pci_irq_handler: Assertion/.test(line))
    .map((saw) => ({ saw, probe: 'tasks' }))
