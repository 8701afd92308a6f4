import { cpuList, cpusIn } from '../diagnosis/cpu-lists.ts'
import { guestName, isWhole, vcpusOf, vmid } from '../diagnosis/guest-config.ts'
import { defineRule, type Evidence } from '../diagnosis/rule.ts'
import { addressesOf, functionsOf } from '../diagnosis/target-devices.ts'
import { configShown, type TargetGuest, targetGuests } from '../diagnosis/target-guests.ts'
import type { Facts } from '../facts/facts.ts'
import type { ProbeName } from '../facts/probes.ts'

/** The guide's advice to pin vCPUs. A hook script may pin them too, which the configuration does not show. */
export const vcpuNotPinned = defineRule({
  id: 'vcpu-not-pinned',
  title: "The guest's vCPUs are not pinned beside its device",
  why: 'Without an affinity the vCPUs of a guest wander over all cores of the host, those of other NUMA nodes included, which costs latency on every interrupt and on every access to the device. It works all the same.',
  fix: 'Pin the guest to cores of the NUMA node that its device is on: qm set <vmid> --affinity <cores>, for example 4-7. Leave some cores to the host. It counts from the next start of the guest.',
  links: ['https://pve.proxmox.com/pve-docs/chapter-qm.html#qm_cpu'],
  needs: ['guests'],
  check: (facts, target) => {
    const { guests, unknown } = targetGuests(facts, target)
    const told = guests.map((guest) => pinning(facts, guest))
    const loose = told.filter(({ says }) => says !== null)
    if (loose.length > 0) {
      const says = loose.map((one) => one.says).join('; ')
      return {
        severity: 'notice',
        devices: [...new Set(loose.flatMap(({ devices }) => devices))].toSorted(),
        says: `${says.charAt(0).toUpperCase()}${says.slice(1)}.`,
        evidence: loose.flatMap(({ evidence }) => evidence),
        remedies: [],
      }
    }
    const missing = [...new Set([...unknown, ...told.flatMap((one) => one.unknown)])]
    return missing.length > 0 ? { unknown: missing } : 'ok'
  },
})

interface Pinning {
  /** What is wrong, without a full stop; null where nothing is, or nothing is known to be. */
  readonly says: string | null
  readonly devices: readonly string[]
  readonly evidence: readonly Evidence[]
  readonly unknown: readonly ProbeName[]
}

function pinning(facts: Facts, { guest, lines }: TargetGuest): Pinning {
  const fine: Pinning = { says: null, devices: [], evidence: [], unknown: [] }
  const { devices } = functionsOf(
    facts,
    lines.flatMap(({ claim }) => addressesOf(claim)),
  )
  const nodes = [
    ...new Set(
      (facts['pci-sysfs'] ?? []).filter(({ address }) => devices.includes(address)).map((one) => one.numaNode),
    ),
  ]
  const near = nodes.filter((node) => node !== null && node >= 0)
  const evidence = (...more: Evidence[]) => [configShown(guest, 'affinity'), ...more]
  if (guest.config.affinity === undefined) {
    if (guest.config.hookscript !== undefined || !isWhole(guest)) return { ...fine, unknown: ['guests'] }
    const command = `qm set ${vmid(guest.id)} --affinity ${proposal(facts, near[0] ?? null, vcpusOf(guest))}`
    return { ...fine, says: `${guestName(guest.id)} has no CPU affinity (${command})`, devices, evidence: evidence() }
  }
  if (!facts.numa) return { ...fine, unknown: ['numa'] }
  if (facts.numa.length < 2) return fine
  if (nodes.length === 0) return { ...fine, unknown: ['pci-sysfs'] }
  const wanted = facts.numa.filter(({ node }) => near.includes(node))
  const own = cpusIn(guest.config.affinity)
  if (own === null || wanted.length === 0) return fine
  const there = new Set(wanted.flatMap(({ cpus }) => cpusIn(cpus) ?? []))
  const away = own.filter((cpu) => !there.has(cpu))
  if (away.length === 0) return fine
  const command = `qm set ${vmid(guest.id)} --affinity ${proposal(facts, near[0] ?? null, own.length)}`
  return {
    ...fine,
    says: `${guestName(guest.id)} is pinned to ${cpuList(away)}, away from NUMA node ${near.join(' and ')} of its device (${command})`,
    devices,
    evidence: evidence(...wanted.map(({ node, cpus }): Evidence => ({ saw: `node${node}: ${cpus}`, probe: 'numa' }))),
  }
}

/** As many cores as the guest has vCPUs, from the end of the device's node, so that the first ones stay with the host. */
function proposal(facts: Facts, node: number | null, count: number): string {
  const all = facts.numa ?? []
  const home = all.find((one) => one.node === node) ?? (all.length === 1 ? all[0] : undefined)
  const cpus = cpusIn(home?.cpus ?? '') ?? []
  return cpus.length === 0 ? '<cores>' : cpuList(cpus.slice(-Math.max(count, 1)))
}
