import { naming } from '../diagnosis/devices.ts'
import { defineRule, type Evidence } from '../diagnosis/rule.ts'
import { visitOf } from '../diagnosis/visit.ts'
import { type Difference, differenceBetween } from '../diagnosis/visit-difference.ts'
import type { Facts } from '../facts/facts.ts'

/** How many devices of one kind of difference are named. */
const SHOWN = 8

/** Needs a memory: without a visit before, nothing is known to differ. Other group numbers alone matter only to a mapping that stores one. */
export const groupsChanged = defineRule({
  id: 'groups-changed',
  title: 'IOMMU groups, addresses or NIC names are others than at the last visit',
  why: 'Guests name their devices by address, mappings by address and group, and the network by NIC name. A new card, a firmware update, another kernel or the ACS override can change all three, and what was right before then points elsewhere.',
  fix: 'Compare what is shown with the guests (qm config <vmid>), the mappings (Datacenter → Resource Mappings) and /etc/network/interfaces, correct what points elsewhere, and write the new groups down. The next visit compares with this one.',
  links: [
    'https://pve.proxmox.com/pve-docs/chapter-qm.html#resource_mapping',
    'https://pve.proxmox.com/pve-docs/chapter-sysadmin.html#_naming_conventions',
  ],
  needs: ['iommu-groups'],
  check: (facts, _target, past) => {
    const now = visitOf(facts, '')
    if (past === null || now === null) return 'ok'
    const difference = differenceBetween(past, now)
    const [before, after] = [Object.keys(past.groups).length, Object.keys(now.groups).length]
    const switched = (before === 0) !== (after === 0)
    const evidence = [
      ...(switched ? [count(before, after)] : moves(difference.regrouped, past.groups, now.groups)),
      ...devices(facts, difference),
      ...difference.renamed.map(
        ({ from, to }): Evidence => ({ saw: `NIC ${from.join(', ')} is called ${to.join(', ')} now`, probe: 'health' }),
      ),
    ]
    const numbers = switched ? [] : difference.renumbered
    if (evidence.length === 0 && numbers.length === 0) return 'ok'
    const stored = facts.mappings?.flatMap(({ entries }) => entries.filter((entry) => entry.iommuGroup !== null))
    const resting = numbers.filter(({ devices }) =>
      stored?.some(({ paths }) => paths.some((path) => devices.some((address) => address.startsWith(path)))),
    )
    if (evidence.length === 0 && resting.length === 0) return stored ? 'ok' : { unknown: ['mappings'] }
    return {
      severity: 'notice',
      devices: [...new Set([...(switched ? [] : difference.regrouped), ...difference.came])].toSorted(),
      says: `Since the visit of ${past.at.slice(0, 16).replace('T', ' ')} UTC: ${summary(difference, switched, resting.length)}.`,
      evidence: [
        ...evidence,
        ...resting.map(
          ({ devices, from, to }): Evidence => ({
            saw: `${devices.join(' ')}: group ${to}, was ${from}; a mapping stores the number`,
            probe: 'iommu-groups',
          }),
        ),
      ],
      remedies: [],
    }
  },
})

type Groups = Readonly<Record<string, readonly string[]>>

const count = (before: number, after: number): Evidence => ({
  saw: `${after} IOMMU groups, ${before} before`,
  probe: 'iommu-groups',
})

const moves = (regrouped: readonly string[], was: Groups, is: Groups): Evidence[] => {
  const place = (groups: Groups, address: string) => {
    const [id, members] = Object.entries(groups).find(([, all]) => all.includes(address)) ?? []
    const others = (members ?? []).filter((one) => one !== address)
    return id === undefined ? 'in no group' : `group ${id}${others.length > 0 ? ` with ${others.join(' ')}` : ' alone'}`
  }
  return shown(regrouped).map((address) => ({
    saw: `${address}: ${place(is, address)}, was ${place(was, address)}`,
    probe: 'iommu-groups',
  }))
}

const devices = (facts: Facts, { gone, came, moved }: Difference): Evidence[] =>
  [
    ...shown(moved).map(({ from, to }) => `${naming(facts, to)} was at ${from}`),
    ...shown(came).map((address) => `${naming(facts, address)} is new`),
    ...shown(gone).map((address) => `${address} is gone`),
  ].map((saw) => ({ saw, probe: 'lspci' }))

const shown = <T>(all: readonly T[]): readonly T[] => all.slice(0, SHOWN)

function summary({ gone, came, moved, regrouped, renamed }: Difference, switched: boolean, renumbered: number): string {
  const several = (many: number, one: string, more: string) =>
    many === 0 ? [] : [`${many} ${many === 1 ? one : more}`]
  return [
    ...(switched
      ? ['the IOMMU was switched on or off']
      : several(regrouped.length, 'device is', 'devices are').map((text) => `${text} grouped with others`)),
    ...several(moved.length, 'device has another address', 'devices have other addresses'),
    ...several(came.length, 'device came', 'devices came'),
    ...several(gone.length, 'device is gone', 'devices are gone'),
    ...several(renamed.length, 'NIC has another name', 'NICs have other names'),
    ...several(renumbered, 'group has another number', 'groups have other numbers'),
  ].join(', ')
}
