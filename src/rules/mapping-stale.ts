import { within } from '../diagnosis/devices.ts'
import { defineRule, type Evidence } from '../diagnosis/rule.ts'
import { checkMapping, type Mismatch } from '../diagnosis/stale-mappings.ts'
import { isOutdated, linesOf, startFailures } from '../diagnosis/start-failures.ts'
import type { Target } from '../diagnosis/target.ts'
import type { Facts } from '../facts/facts.ts'
import type { Mappings } from '../facts/probes/mappings.ts'
import type { ProbeName } from '../facts/probes.ts'

/** That the device is not there is another finding. */
const INVALID = /PCI device mapping invalid \(hardware probably changed\)(?!.*not found)/

/** FACTS 6, P-MAP-INVALID: typical after the IOMMU was switched on, an ACS override, or a card that moved. */
export const mappingStale = defineRule({
  id: 'mapping-stale',
  title: 'A PCI mapping no longer matches the hardware',
  why: 'A mapping stores the address, the ids and the IOMMU group that its device had. Proxmox compares them when a guest starts, and refuses the start when one is another now: after the groups changed, or a card moved.',
  fix: 'Choose the device again under Datacenter → Resource Mappings → PCI Devices → Edit, or give the mapping the values of today with the pvesh command that is shown. It replaces every entry of the mapping, so it carries those of the other nodes as well.',
  links: [
    'https://pve.proxmox.com/pve-docs/chapter-qm.html#resource_mapping',
    'https://git.proxmox.com/?p=pve-guest-common.git;a=blob;f=src/PVE/Mapping/PCI.pm;hb=HEAD',
  ],
  needs: [],
  mutedBy: ['iommu-off-in-firmware', 'iommu-off'],
  check: (facts, target) => {
    const refused = startFailures(facts, target)
      .filter((task) => !isOutdated(facts, task))
      .flatMap(linesOf)
      .filter((line) => INVALID.test(line))
    const named = mappingsOf(facts, target)
    const checks = named.mappings.map((mapping) => ({ mapping, ...checkMapping(facts, mapping.name) }))
    const stale = checks.filter(({ mismatches }) => mismatches.length > 0)
    if (stale.length + refused.length === 0) {
      const unknown = [...new Set([...named.unknown, ...checks.flatMap((one) => one.unknown)])]
      return unknown.length > 0 ? { unknown } : 'ok'
    }
    const told = stale.map(({ mapping, mismatches }) => saying(mapping, mismatches))
    const why = refused[0]?.replace(/^.*hardware probably changed\):\s*/, '')
    return {
      severity: refused.length > 0 ? 'blocker' : 'warning',
      devices: [],
      says:
        told.length > 0
          ? told.join(' ')
          : `A guest did not start because its PCI mapping no longer matches the hardware: ${why}.`,
      evidence: [
        ...stale.flatMap(({ mapping, mismatches }) =>
          mismatches.flatMap(({ entry, says, probe }): Evidence[] => [
            { saw: `${mapping.name}: ${entry.text ?? entry.paths.join(';')}`, probe: 'mappings' },
            { saw: says, probe },
          ]),
        ),
        ...refused.map((saw): Evidence => ({ saw, probe: 'tasks' })),
      ],
      remedies: [],
    }
  },
})

type Mapping = Mappings[number]

/** The mappings that concern the target: all, those a guest names, or those that name a device. */
function mappingsOf(
  { mappings, guests }: Facts,
  target: Target | null,
): { readonly mappings: readonly Mapping[]; readonly unknown: readonly ProbeName[] } {
  const guest = target?.kind === 'vm' ? guests?.find(({ id }) => id === target.id) : undefined
  if (guest?.hostpci.every(({ mapping }) => mapping === null)) return { mappings: [], unknown: [] }
  if (!mappings) return { mappings: [], unknown: ['mappings'] }
  if (target === null) return { mappings, unknown: [] }
  if (target.kind === 'device') {
    const { address } = target
    const names = (path: string) => path === address || within(path, address) || within(address, path)
    return { mappings: mappings.filter(({ entries }) => entries.some(({ paths }) => paths.some(names))), unknown: [] }
  }
  if (!guest) return { mappings: [], unknown: ['guests'] }
  return { mappings: mappings.filter(({ name }) => guest.hostpci.some(({ mapping }) => mapping === name)), unknown: [] }
}

function saying(mapping: Mapping, mismatches: readonly Mismatch[]): string {
  const command = commandFor(mapping, mismatches)
  const what = `Mapping ${mapping.name} no longer matches: ${mismatches.map(({ says }) => says).join('; ')}.`
  return command === null ? what : `${what} It matches again with ${command} (these are all of its entries).`
}

/** The command that gives the mapping the values of today; null where one of them is not certain. */
function commandFor({ name, entries }: Mapping, mismatches: readonly Mismatch[]): string | null {
  const texts = entries.map((entry) => {
    const own = mismatches.filter((one) => one.entry === entry)
    const changes = own.flatMap(({ change }) => (change === null ? [] : [change]))
    return entry.text === undefined || changes.length < own.length || /'/.test(entry.text)
      ? null
      : changes.reduce<string>(withValues, entry.text)
  })
  return texts.includes(null)
    ? null
    : `pvesh set /cluster/mapping/pci/${name} ${texts.map((text) => `--map '${text}'`).join(' ')}`
}

function withValues(text: string, change: Readonly<Record<string, string>>): string {
  const parts = text.split(',')
  const keyOf = (part: string) => part.split('=', 1)[0] ?? ''
  const changed = parts.map((part) => (keyOf(part) in change ? `${keyOf(part)}=${change[keyOf(part)]}` : part))
  const added = Object.entries(change).filter(([key]) => !parts.some((part) => keyOf(part) === key))
  return [...changed, ...added.map(([key, value]) => `${key}=${value}`)].join(',')
}
