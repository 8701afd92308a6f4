import { guestName, memoryOf, vmid } from '../diagnosis/guest-config.ts'
import { kernelRefusals, refusalSays, refusedStarts } from '../diagnosis/refused-starts.ts'
import { defineRule } from '../diagnosis/rule.ts'
import { configShown, targetGuests } from '../diagnosis/target-guests.ts'
import { addressesIn } from '../facts/address.ts'
import type { ProbeName } from '../facts/probes.ts'

/** Messages Q-DMAMAP, Q-DMAFATAL and K-MEMLOCK (FACTS 6). The number behind `failed to setup container` tells it from a refusal for an RMRR. */
export const guestMemoryLocked = defineRule({
  id: 'guest-memory-locked',
  title: "The guest's memory could not be locked",
  why: 'A passed-through device may write anywhere into the memory of its guest, so all of it is locked in the host for as long as the guest runs: no swapping, no ballooning, no sharing. Where the host has not enough of it, or a limit forbids it, QEMU ends before the guest starts.',
  fix: 'Give the guest less memory than is free on the host (qm set <vmid> --memory <MiB>), counting what ZFS and the other guests take, and switch its ballooning off (qm set <vmid> --balloon 0). Where something other than Proxmox starts QEMU, raise its limit for locked memory (LimitMEMLOCK of its unit).',
  links: ['https://docs.kernel.org/driver-api/vfio.html', 'https://pve.proxmox.com/wiki/PCI_Passthrough'],
  needs: [],
  check: (facts, target) => {
    const refused = refusedStarts(facts, target, 'guest-memory-locked')
    const kernel = kernelRefusals(facts, 'guest-memory-locked')
    const total = facts.memory?.totalKib ?? null
    const { guests, unknown } = targetGuests(facts, target)
    const large = guests.filter(({ guest }) => total !== null && (memoryOf(guest) ?? 0) * 1024 > total)
    const evidence = [
      ...refused.flatMap((one) => one.evidence),
      ...kernel.map((one) => one.evidence),
      ...large.map(({ guest }) => configShown(guest, 'memory')),
      ...(large.length > 0 ? [{ saw: `MemTotal: ${total} kB`, probe: 'memory' as const }] : []),
    ]
    const devices = [
      ...new Set(refused.flatMap((one) => one.evidence.flatMap(({ saw }) => addressesIn(saw)))),
    ].toSorted()
    const [start] = refused
    if (start)
      return { severity: start.over ? 'notice' : 'blocker', devices, says: refusalSays(start), evidence, remedies: [] }
    const [one] = large
    if (one) {
      const { id } = one.guest
      const says = `Passed-through devices need the whole memory of ${guestName(id)} at once, and its ${memoryOf(one.guest)} MiB are more than the ${Math.floor((total ?? 0) / 1024)} MiB of the host: qm set ${vmid(id)} --memory <MiB>.`
      return { severity: 'blocker', devices, says, evidence, remedies: [] }
    }
    const [line] = kernel
    if (line) {
      const now = facts.tasks === undefined
      const says = now
        ? `The kernel would not lock the memory of a guest: ${line.message.means}; ${line.message.cure}.`
        : 'The kernel once would not lock the memory of a guest in this boot, and no start has failed for it since.'
      return { severity: now ? 'blocker' : 'notice', devices, says, evidence, remedies: [] }
    }
    const missing = new Set<ProbeName>(unknown)
    if (!facts.tasks) missing.add('tasks')
    if (!facts['kernel-log']) missing.add('kernel-log')
    if (guests.length > 0 && total === null) missing.add('memory')
    return missing.size > 0 ? { unknown: [...missing] } : 'ok'
  },
})
