import { deviceAt, hostDriverOf, isBridge, naming } from '../diagnosis/devices.ts'
import { tokensOf } from '../diagnosis/kernel-line.ts'
import { defineRule, type Evidence, type Finding } from '../diagnosis/rule.ts'
import { ownersOf, targetDevices } from '../diagnosis/target-devices.ts'
import { type GivenId, takes, vfioIds } from '../diagnosis/vfio-ids.ts'
import type { Facts } from '../facts/facts.ts'

/**
 * FACTS 2.2 and 4: an id takes every device that has it. While the guests are not known, the twin of a named device that a
 * driver of the host has is found although another guest may get it.
 */
export const vfioIdsTakeTwin = defineRule({
  id: 'vfio-ids-take-twin',
  title: 'The ids given to vfio-pci also take a device that the host needs',
  why: 'The driver vfio-pci takes every device that has one of its ids, not only the one that was meant: a second card of the same kind, another port of the network card. The host loses it when vfio-pci is loaded with these ids, at the next boot at the latest.',
  fix: 'Take the id out of where it stands and, if that is modprobe.d, run update-initramfs -u -k all. Proxmox needs no ids: it binds the device by its address when the guest starts. Where a device must be bound earlier, give it to vfio-pci by address, for example with driverctl set-override <address> vfio-pci.',
  links: [
    'https://docs.kernel.org/driver-api/vfio.html',
    'https://pve.proxmox.com/pve-docs/chapter-qm.html#qm_pci_passthrough',
    'https://github.com/truenas/middleware/pull/11397',
  ],
  remedies: ['drop-argument'],
  needs: ['lspci'],
  check: (facts, target) => {
    const { given, unread } = vfioIds(facts)
    const { devices, unknown } = targetDevices(facts, target)
    const catches = given.map((one) => caught(facts, devices, one))
    const bad = catches.filter(({ needed }) => needed.length > 0)
    if (bad.length === 0) {
      const doubtful = catches.filter(({ others }) => others.length > 0)
      if (unread.length > 0) return { unknown: unread }
      if (doubtful.length > 0 && unknown.length > 0) return { unknown }
      if (doubtful.length > 0 && !facts['host-devices']) return { unknown: ['host-devices'] }
      return doubtful.some(({ one }) => one.id.narrowed) ? { unknown: ['lspci'] } : 'ok'
    }
    const twins = [...new Set(bad.flatMap(({ needed }) => needed))]
    const meant = [...new Set(bad.flatMap(({ ours }) => ours))]
    const places = [...new Set(bad.map(({ one }) => `${one.token} in ${one.place}`))]
    return {
      severity: 'blocker',
      devices: [...new Set([...meant, ...twins])],
      says: `vfio-pci is told to take ${places.join(' and ')}${meant.length > 0 ? ` for ${meant.join(', ')}` : ''}, and that also takes ${twins.map((address) => naming(facts, address)).join(', ')}, which the host needs.`,
      evidence: [
        ...bad.map(({ one }) => one.evidence),
        ...twins.flatMap((address) => [...usesOf(facts, address), ...driverOf(facts, address)]),
      ],
      ...withoutIds(
        facts.cmdline?.words ?? [],
        bad.map(({ one }) => one),
      ),
    }
  },
})

/** The ids gone from the kernel line, where they stand nowhere else. */
function withoutIds(line: readonly string[], bad: readonly GivenId[]): Pick<Finding, 'remedies' | 'suggests'> {
  const remove = line.filter((word) => bad.some(({ evidence }) => evidence.saw === word))
  if (remove.length === 0 || bad.some(({ evidence }) => evidence.probe === 'modprobe-d')) return { remedies: [] }
  const others = tokensOf(remove, 'vfio-pci.ids').filter((id) => !bad.some(({ token }) => token === id))
  const add = others.length > 0 ? [`vfio-pci.ids=${others.join(',')}`] : []
  return { remedies: ['drop-argument'], suggests: { add, remove } }
}

/** What an id takes: the devices it is for (`ours`), the ones that no guest is given as they are, and those of them that the host needs. */
function caught(facts: Facts, wanted: readonly string[], one: GivenId) {
  const all = (facts.lspci ?? []).filter((device) => !isBridge(device) && takes(one.id, device))
  const ours = all.map(({ address }) => address).filter((address) => wanted.includes(address))
  const others = all
    .filter(({ address, driver }) => driver === null || hostDriverOf(facts, address) !== null)
    .map(({ address }) => address)
    .filter((address) => !wanted.includes(address) && ownersOf(facts, [address]).length === 0)
  const needed = one.id.narrowed ? [] : others.filter((address) => isNeeded(facts, address, ours.length > 0))
  return { one, ours, others, needed }
}

/** A disk or a NIC of the host always counts; its console, or a card that merely has a driver, only beside one that was meant. */
function isNeeded(facts: Facts, address: string, beside: boolean): boolean {
  const uses = (facts['host-devices'] ?? []).filter((own) => own.address === address)
  if (uses.some(({ use }) => use !== 'console')) return true
  const virtual = /Virtual Function/i.test(deviceAt(facts, address)?.name ?? '')
  return beside && (uses.length > 0 || (hostDriverOf(facts, address) !== null && !virtual))
}

const usesOf = (facts: Facts, address: string): Evidence[] =>
  (facts['host-devices'] ?? [])
    .filter((own) => own.address === address)
    .map(({ use, name }) => ({ saw: `${use} ${name} ${address}`, probe: 'host-devices' }))

function driverOf(facts: Facts, address: string): Evidence[] {
  const driver = hostDriverOf(facts, address)
  return driver === null ? [] : [{ saw: `${address} driver in use: ${driver}`, probe: 'lspci' }]
}
