import { vmid } from '../diagnosis/guest-config.ts'
import { type MissingDevice, missingDevices } from '../diagnosis/missing-devices.ts'
import { freeDevices, type Whereabouts, whereabouts } from '../diagnosis/moved-device.ts'
import { defineRule } from '../diagnosis/rule.ts'
import type { Facts } from '../facts/facts.ts'

/** FACTS 5.3 and messages P-NOTFOUND, P-NOINFO, P-MAP-NONE and Q-NODEV of FACTS 6. */
export const deviceMissing = defineRule({
  id: 'device-missing',
  title: 'A configured device does not exist',
  why: 'The guest names a device by its PCI address, and addresses move when a card is put in or taken out, when the firmware is updated, or when a device is switched off; a virtual function is gone until it is made again. The guest cannot start then, or would get something else.',
  fix: 'Look the address up with lspci -nn and give the guest the right one (qm set <vmid> --hostpci0 <address>), or correct the mapping under Datacenter → Resource Mappings. If the card is nowhere in lspci, check its seat and power, and the slot’s setting in the firmware.',
  links: [
    'https://pve.proxmox.com/pve-docs/chapter-qm.html#qm_pci_passthrough',
    'https://pve.proxmox.com/pve-docs/chapter-qm.html#resource_mapping',
  ],
  needs: [],
  matters: true,
  clear: 'the configured devices are there',
  check: (facts, target, past) => {
    const { missing, over, unknown } = missingDevices(facts, target)
    if (missing.length > 0) {
      const free = freeDevices(facts)
      return {
        severity: 'blocker',
        devices: [...new Set(missing.flatMap(({ address }) => (address === null ? [] : [inFull(address)])))],
        says: missing.map((one) => saying(facts, one, whereabouts(facts, past, one, free))).join(' '),
        evidence: missing.flatMap(({ evidence }) => evidence),
        remedies: [],
      }
    }
    if (over.length > 0) {
      return {
        severity: 'notice',
        devices: [],
        says: 'A guest did not start because its device was missing; that is over by now, so start it again.',
        evidence: over,
        remedies: [],
      }
    }
    return unknown.length > 0 ? { unknown } : 'ok'
  },
})

const inFull = (address: string): string => (/\.[0-7]$/.test(address) ? address : `${address}.0`)

function saying(facts: Facts, missing: MissingDevice, where: Whereabouts): string {
  const { guest, line, mapping, address } = missing
  const who = guest ? `Guest ${guest}` : 'The guest'
  const through = mapping === null ? '' : ` by the mapping ${mapping}`
  if (address === null) {
    return `${who} is given the mapping ${mapping}, which has no entry for this node: add one under Datacenter → Resource Mappings, or name the device itself (${command(missing, '<address>')}).`
  }
  const gone =
    line || guest
      ? `${who} is given ${address}${through}, which does not exist on this node`
      : `${address} does not exist on this node`
  return `${gone}${placeText(missing, where)}${virtualText(facts, address)}.`
}

function placeText(missing: MissingDevice, { kind, toldBy, places }: Whereabouts): string {
  const [place] = places
  const device = kind === null ? 'a device' : `the device (${kind})`
  if (place === undefined) {
    return `; ${kind === null ? 'find it with lspci -nn' : `no free device ${kind} is in sight, so check its seat and power`} (${command(missing, '<address>')})`
  }
  const also = places.length > 1 ? ` or ${places.slice(1).join(' or ')}` : ''
  return `; by ${toldBy}, ${device} is now likely at ${place}${also} (${command(missing, place)})`
}

/** The command that gives the guest another address in place of the missing one, all other options kept. */
function command({ guest, line, address }: MissingDevice, place: string): string {
  if (!line) return `qm set ${vmid(guest)} --hostpci<N> ${place}`
  const { key, addresses, mapping, options } = line.entry
  const devices = mapping === null ? addresses.map((one) => (one === address ? place : one)).join(';') : place
  const value = [devices, ...Object.entries(options).map(([name, given]) => `${name}=${given}`)].join(',')
  return `qm set ${vmid(guest)} --${key} ${/[;\s]/.test(value) ? `'${value}'` : value}`
}

/** A card on the same bus that could have virtual functions and has none: they are not made again by themselves after a boot. */
function virtualText(facts: Facts, address: string): string {
  const bus = address.slice(0, address.lastIndexOf(':'))
  const parent = facts['pci-sysfs']?.find((one) => one.sriovVfs === 0 && one.address.startsWith(`${bus}:`))
  return parent ? `; if it is a virtual function of ${parent.address}, none is made (sriov_numvfs is 0)` : ''
}
