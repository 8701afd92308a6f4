import type { Facts } from '../facts/facts.ts'
import type { Guests } from '../facts/probes/guests.ts'
import type { ProbeName } from '../facts/probes.ts'
import { slotOf, within } from './devices.ts'
import { ownName } from './mapping-entries.ts'
import { freeDevices, kindStored, ofKind } from './moved-device.ts'
import type { Evidence } from './rule.ts'
import { exists, saidMissing } from './said-missing.ts'
import { linesOf, startFailures } from './start-failures.ts'
import type { Target } from './target.ts'
import { type GivenLine, lineShown, targetGuests } from './target-guests.ts'
import { wholeLists } from './whole-lists.ts'

/** A device that is configured, or asked for, and does not exist. `address`: as configured, a BDF or a slot; null = the whole mapping. */
export interface MissingDevice {
  /** 0 or null where its number is not known. */
  readonly guest: number | null
  readonly line: GivenLine | null
  readonly mapping: string | null
  readonly address: string | null
  readonly evidence: readonly Evidence[]
}

/** `over`: lines of failed starts about devices that are there by now. `unknown`: what is missing to say that all devices exist. */
export interface MissingDevices {
  readonly missing: readonly MissingDevice[]
  readonly over: readonly Evidence[]
  readonly unknown: readonly ProbeName[]
}

/** Holds what guests are given, and what failed starts say (P-NOTFOUND, P-NOINFO, Q-NODEV, P-MAP-NONE), against the devices that are there. */
export function missingDevices(facts: Facts, target: Target | null): MissingDevices {
  const { guests, unknown } = targetGuests(facts, target)
  const said = saidBy(facts, target)
  const lines = guests
    .filter(({ guest }) => guest.config.template !== '1')
    .flatMap(({ guest, lines }) => lines.map((line) => ({ guest, line })))
  const configured = lines.flatMap(({ guest, line }) => lackingOf(facts, target, guest, line, said))
  const given = lines.flatMap(({ line }) => wantedOf(target, line))
  const asked =
    target?.kind === 'device' && !given.some((address) => same(address, target.address)) ? [target.address] : []
  const unclaimed = asked
    .filter((address) => isGone(facts, address, said))
    .map((address) => ({ guest: null, line: null, mapping: null, address, evidence: proof(facts, address, said) }))
  const others = said.filter(({ address, mapping }) => !speaksOf([...given, ...asked], lines, address, mapping))
  const alone = facts.guests
    ? []
    : others
        .filter(({ address }) => address === null || !exists(facts, address))
        .map(({ guest, address, mapping, evidence }) => ({ guest, line: null, mapping, address, evidence: [evidence] }))
  const missing = [...configured, ...unclaimed, ...alone]
  const unproven = [...given, ...asked].some((address) => !exists(facts, address))
  const open: ProbeName[] = unproven ? ['lspci', 'pci-sysfs'] : []
  if (!facts.tasks) open.push('tasks')
  return {
    missing,
    over: said
      .filter((one) => !missing.some(({ evidence }) => evidence.includes(one.evidence)))
      .map(({ evidence }) => evidence),
    unknown: [...new Set([...(target?.kind === 'device' ? [] : unknown), ...open])],
  }
}

interface Said {
  readonly guest: number | null
  readonly address: string | null
  readonly mapping: string | null
  readonly evidence: Evidence
}

const saidBy = (facts: Facts, target: Target | null): Said[] =>
  startFailures(facts, target).flatMap((task) =>
    [...new Set(linesOf(task))].flatMap((saw): Said[] => {
      const evidence: Evidence = { saw, probe: 'tasks' }
      const mapping = /PCI device mapping not found for '([^']+)'/.exec(saw)?.[1] ?? null
      const address = mapping === null ? saidMissing(saw) : null
      return mapping === null && address === null ? [] : [{ guest: task.guest, address, mapping, evidence }]
    }),
  )

/** What of a hostpci line is not there: addresses, or the mapping it names. */
function lackingOf(
  facts: Facts,
  target: Target | null,
  guest: Guests[number],
  line: GivenLine,
  said: readonly Said[],
): MissingDevice[] {
  const { mapping } = line.entry
  const shown = lineShown(guest, line.entry)
  const told = said.filter((one) => mapping !== null && one.mapping === mapping).map(({ evidence }) => evidence)
  if (mapping !== null && lacksEntry(facts, mapping, told.length > 0)) {
    return [
      { guest: guest.id, line, mapping, address: null, evidence: [shown, ...told, ...mappingAbsence(facts, mapping)] },
    ]
  }
  return wantedOf(target, line).flatMap((address) => {
    const moved = mapping === null || exists(facts, address) ? [] : storedElsewhere(facts, mapping, address)
    if (!isGone(facts, address, said) && moved.length === 0) return []
    return [{ guest: guest.id, line, mapping, address, evidence: [shown, ...proof(facts, address, said), ...moved] }]
  })
}

/** Where a free device is of the kind that the mapping stores for an address: one that moved leaves that trace even in an excerpt. */
const storedElsewhere = (facts: Facts, mapping: string, address: string): Evidence[] => {
  const kind = kindStored(facts, mapping, address)
  return kind === null
    ? []
    : ofKind(freeDevices(facts), kind).map((one): Evidence => ({ saw: `${kind} is at ${one.address}`, probe: 'lspci' }))
}

/** The addresses of a line that the target is about. */
const wantedOf = (target: Target | null, { claim }: GivenLine): string[] =>
  claim.alternatives
    .flat()
    .filter(
      (address) => target?.kind !== 'device' || within(address, target.address) || within(target.address, address),
    )

/** Has the mapping no entry for this node? Without any mapping to read, only a failed start can tell. */
function lacksEntry(facts: Facts, name: string, told: boolean): boolean {
  if (!facts.mappings) return told
  const entries = facts.mappings.find((mapping) => mapping.name === name)?.entries ?? []
  const own = ownName(facts)
  return entries.length === 0 || (own !== null && entries.every(({ node }) => node !== own))
}

const mappingAbsence = ({ mappings }: Facts, name: string): Evidence[] =>
  mappings
    ? [{ saw: `no entry of the mapping ${name} is for this node (${mappings.length} mappings)`, probe: 'mappings' }]
    : []

/** Not seen by any probe, while one list is whole or a failed start said so. */
const isGone = (facts: Facts, address: string, said: readonly Said[]): boolean =>
  !exists(facts, address) &&
  (wholeLists(facts).length > 0 || said.some((one) => one.address !== null && same(one.address, address)))

const same = (one: string, other: string): boolean => within(one, other) || within(other, one)

/** The lines of failed starts about an address, and the list that does not show it. */
const proof = (facts: Facts, address: string, said: readonly Said[]): Evidence[] => [
  ...said.filter((one) => one.address !== null && same(one.address, address)).map(({ evidence }) => evidence),
  ...wholeLists(facts)
    .slice(0, 1)
    .map((probe) => ({ saw: `none of the ${facts[probe]?.length} devices is at ${slotOf(address)}`, probe })),
]

const speaksOf = (
  given: readonly string[],
  lines: readonly { line: GivenLine }[],
  address: string | null,
  mapping: string | null,
): boolean =>
  (address !== null && given.some((one) => same(one, address))) ||
  (mapping !== null && lines.some(({ line }) => line.entry.mapping === mapping))
