import { deviceAt, naming } from '../diagnosis/devices.ts'
import { kernelRefusals, refusalSays, refusedStarts } from '../diagnosis/refused-starts.ts'
import { defineRule, type Evidence } from '../diagnosis/rule.ts'
import type { Target } from '../diagnosis/target.ts'
import { addressesOf, functionsOf, ownersOf } from '../diagnosis/target-devices.ts'
import { lineShown, targetGuests } from '../diagnosis/target-guests.ts'
import { takes, vfioIds } from '../diagnosis/vfio-ids.ts'
import type { Facts } from '../facts/facts.ts'
import type { ProbeName } from '../facts/probes.ts'

/** Messages P-MDEV (FACTS 6), QEMU's refusal of a UUID, and a parent that its own driver has lost. */
export const mediatedDeviceRefused = defineRule({
  id: 'mediated-device-refused',
  title: 'A mediated device (vGPU) was refused',
  why: "A mediated device is made by the driver of the card on the host, which keeps the card. It cannot be made while vfio-pci has the card, while the driver or its manager is not there or of the wrong version, or when no instance of the type is left; the guest's start then fails.",
  fix: 'Take the card out of the ids of vfio-pci and load its own driver, see which types it offers (pvesh get /nodes/localhost/hardware/pci/<address>/mdev), and read what the manager says (journalctl -b -u nvidia-vgpu-mgr). Kernel arguments change nothing here.',
  links: [
    'https://docs.kernel.org/driver-api/vfio-mediated-device.html',
    'https://pve.proxmox.com/wiki/NVIDIA_vGPU_on_Proxmox_VE',
  ],
  needs: [],
  check: (facts, target) => {
    const refused = refusedStarts(facts, target, 'mediated-device-refused')
    const kernel = kernelRefusals(facts, 'mediated-device-refused')
    const { taken, evidence: seen, missing } = takenParents(facts, target)
    const evidence = [...refused.flatMap((one) => one.evidence), ...kernel.map((one) => one.evidence), ...seen]
    const [start] = refused
    const [line] = kernel
    if (taken.length > 0) {
      const names = taken.map((address) => naming(facts, address)).join(', ')
      const says = `vfio-pci has ${names}, so the mediated devices that guests are to get of it cannot be made: take its ids from vfio-pci and load its own driver.`
      return { severity: 'blocker', devices: taken, says, evidence, remedies: [] }
    }
    if (start) {
      const devices = parentsOf(facts, target).devices
      return { severity: start.over ? 'notice' : 'blocker', devices, says: refusalSays(start), evidence, remedies: [] }
    }
    if (line) {
      const now = facts.tasks === undefined
      const says = now
        ? `A mediated device was refused: ${line.message.means}; ${line.message.cure}.`
        : 'A mediated device was once refused in this boot, and no start has failed for it since.'
      return { severity: now ? 'blocker' : 'notice', devices: [], says, evidence, remedies: [] }
    }
    if (!facts.tasks) missing.add('tasks')
    if (!facts['kernel-log']) missing.add('kernel-log')
    return missing.size > 0 ? { unknown: [...missing] } : 'ok'
  },
})

/** The cards that mediated devices are to be made of, with the guests' lines that say so. */
function parentsOf(facts: Facts, target: Target | null) {
  const { guests, unknown } = targetGuests(facts, target)
  const lines = guests.flatMap(({ guest, lines: all }) =>
    all.filter(({ claim }) => claim.mediated).map((line) => ({ guest, ...line })),
  )
  const found = functionsOf(
    facts,
    lines.flatMap(({ claim }) => addressesOf(claim)),
  )
  return { devices: found.devices, lines, unknown: [...unknown, ...found.unknown] }
}

/** Where ids stand that count now. */
const live: readonly ProbeName[] = ['modprobe-d', 'cmdline']

/** Parents in the hands of vfio-pci. One that a guest is given as a whole besides is only taken wrongly where ids say so. */
function takenParents(facts: Facts, target: Target | null) {
  const { devices, lines, unknown } = parentsOf(facts, target)
  const missing = new Set<ProbeName>(unknown)
  const ids = vfioIds(facts).given.filter(({ evidence }) => live.includes(evidence.probe))
  const evidence: Evidence[] = []
  const taken = devices.filter((address) => {
    const device = deviceAt(facts, address)
    if (!device) missing.add('lspci')
    if (!device?.driver || !/^(?:vfio-pci|pci[-_]stub)$/.test(device.driver)) return false
    const own = ids.filter(({ id }) => takes(id, device))
    if (own.length === 0 && ownersOf(facts, [address]).length > 0) {
      for (const probe of live) if (!facts[probe]) missing.add(probe)
      return false
    }
    evidence.push(
      { saw: `${address} driver in use: ${device.driver}`, probe: 'lspci' },
      ...own.map((one) => one.evidence),
    )
    return true
  })
  const shown = taken.length > 0 ? lines.map(({ guest, entry }) => lineShown(guest, entry)) : []
  return { taken, evidence: [...evidence, ...shown], missing }
}
