import type { Facts } from '../facts/facts.ts'
import type { ProbeName } from '../facts/probes.ts'
import { type DeadSignature, deadSignatures, signaturesIn } from '../knowledge/dead-device-signatures.ts'
import { type Concern, concernOf, namedBy } from './concern.ts'
import { slotOf, within } from './devices.ts'
import type { Evidence } from './rule.ts'
import { linesOf, startFailures } from './start-failures.ts'
import type { Target } from './target.ts'
import { targetDevices } from './target-devices.ts'
import { wholeLists } from './whole-lists.ts'

/** A sign that a device of the target no longer answers. `devices`: the ones it names; empty = the line names none. */
export interface DeadSign {
  readonly signature: DeadSignature
  readonly devices: readonly string[]
  readonly evidence: Evidence
}

/** What speaks for a device that is gone. `unknown`: what is missing to say that none is. */
export interface DeadSigns {
  readonly signs: readonly DeadSign[]
  readonly unknown: readonly ProbeName[]
}

/** Every sign in log, start tasks, lspci and sysfs, in the order of the table of signatures: the most telling first. */
export function deadSigns(facts: Facts, target: Target | null): DeadSigns {
  const concern = concernOf(facts, target)
  const links = linkSigns(facts, concern)
  const signs = [
    ...logSigns(facts, concern),
    ...taskSigns(facts, target, concern),
    ...lspciSigns(facts, concern),
    ...links.signs,
    ...powerSigns(facts, concern),
  ].toSorted((one, other) => rankOf(one) - rankOf(other))
  const looked = ['lspci', 'kernel-log', 'tasks', 'lspci-caps', 'pci-sysfs'] as const
  const unseen = looked.filter((probe) => facts[probe] === undefined)
  return { signs, unknown: [...unseen, ...links.unknown, ...concern.open] }
}

const rankOf = ({ signature }: DeadSign): number => deadSignatures.indexOf(signature)

/** Does the device answer now? lspci reads the revision from the device itself, and leaves out 00. Null where it may have been left out otherwise. */
export function answersNow(facts: Facts, address: string): boolean | null {
  const device = facts.lspci?.find((one) => one.address === address)
  if (!device) return null
  if (device.headerType != null || device.revision === 'ff') return false
  return device.revision != null || wholeLists(facts).includes('lspci') ? true : null
}

const signsOf = (probe: DeadSignature['probe'], saw: string, devices: readonly string[]): DeadSign[] =>
  signaturesIn(probe, saw).map((signature) => ({ signature, devices, evidence: { saw, probe } }))

/** NVIDIA's driver spreads its message over lines, of which only the first names the card; what a port says is about the card below it. */
function logSigns(facts: Facts, concern: Concern): DeadSign[] {
  const lines = facts['kernel-log']?.lines ?? []
  return lines.flatMap((line, at) => {
    if (signaturesIn('kernel-log', line).length === 0) return []
    const own = namedBy(line).length > 0 ? line : (namesCardAbove(lines, at) ?? line)
    const named = namedBy(own)
    const below = named.flatMap((port) => childrenOf(facts, port)).filter((address) => concern.has(address))
    const devices = [...concern.namedIn(own), ...below]
    const unplaced = named.length === 0 || (facts['pci-paths'] === undefined && /pcieport|pciehp/.test(line))
    return signsOf('kernel-log', line, devices).filter(
      ({ signature }) => devices.length > 0 || (unplaced && !signature.sure),
    )
  })
}

const namesCardAbove = (lines: readonly string[], at: number): string | undefined =>
  lines.slice(Math.max(0, at - 3), at).findLast((line) => /NVRM/.test(line) && namedBy(line).length > 0)

const childrenOf = (facts: Facts, port: string): string[] =>
  (facts['pci-paths'] ?? []).filter(({ parent }) => parent === port).map(({ address }) => address)

/** QEMU's assertion names no device: then those that the rest of the task names count, else all that the guest is given. */
function taskSigns(facts: Facts, target: Target | null, concern: Concern): DeadSign[] {
  return startFailures(facts, target).flatMap((task) => {
    const lines = linesOf(task)
    const guest = task.guest === null ? target : ({ kind: 'vm', id: task.guest } as const)
    const given = targetDevices(facts, target?.kind === 'device' ? target : guest).devices
    const fallback = [lines.flatMap(concern.namedIn), given].find((some) => some.length > 0) ?? []
    return lines.flatMap((line) => {
      const named = namedBy(line)
      const devices = named.length > 0 ? concern.namedIn(line) : fallback
      return named.length > 0 && devices.length === 0 ? [] : signsOf('tasks', line, devices)
    })
  })
}

const lspciSigns = (facts: Facts, concern: Concern): DeadSign[] =>
  (facts.lspci ?? [])
    .filter(({ address }) => concern.has(address))
    .flatMap(({ address, revision, headerType }) => [
      ...(headerType == null ? [] : signsOf('lspci', `${address} Unknown header type ${headerType}`, [address])),
      ...(revision == null ? [] : signsOf('lspci', `${address} (rev ${revision})`, [address])),
    ])

/** A virtual function has no link of its own and shows `Speed unknown, Width x0`; so do parts of the chipset (bus 00). */
function linkSigns(facts: Facts, concern: Concern): { signs: DeadSign[]; unknown: ProbeName[] } {
  const unknown: ProbeName[] = []
  const signs = (facts['lspci-caps'] ?? []).flatMap(({ address, linkSpeed, linkWidth }) => {
    if (!concern.has(address) || linkWidth === null) return []
    const shown = facts['pci-sysfs']?.find((device) => device.address === address)
    if (linkWidth === 0 && (/:00:[0-9a-f]{2}$/i.test(slotOf(address)) || shown?.physfn != null)) return []
    const saw = `${address} LnkSta: Speed ${linkSpeed}, Width x${linkWidth}`
    if (linkWidth === 0 && shown === undefined) {
      unknown.push('pci-sysfs')
      return []
    }
    return signsOf('lspci-caps', saw, [address])
  })
  return { signs, unknown }
}

const powerSigns = (facts: Facts, concern: Concern): DeadSign[] =>
  (facts['pci-sysfs'] ?? [])
    .filter(({ address }) => concern.has(address))
    .flatMap(({ address, powerState }) => signsOf('pci-sysfs', `${address} power_state=${powerState}`, [address]))

/** Do these signs together prove it? One sure sign does; two that only support do when they come from different probes and name the same device. */
export function provesDeath(signs: readonly DeadSign[]): boolean {
  if (signs.some(({ signature }) => signature.sure)) return true
  const hints = signs.filter(({ devices }) => devices.length > 0)
  return hints.some((one) =>
    hints.some(
      (other) =>
        other.signature.probe !== one.signature.probe &&
        other.devices.some((address) => one.devices.some((own) => within(own, address) || within(address, own))),
    ),
  )
}
