import type { Facts } from '../facts/facts.ts'
import { type ConfigCheck, type ConfigProblem, placesOf } from './config-checks.ts'
import { deviceAt, naming, oneCard, seenAddresses, slotOf, within } from './devices.ts'
import { claimsOf } from './target-devices.ts'
import { type GivenLine, lineShown, type TargetGuest } from './target-guests.ts'

const isFunction = (place: string): boolean => /\.[0-9a-f]$/i.test(place)
const overlap = (one: string, other: string): boolean => within(one, other) || within(other, one)

/** FACTS 5.3: Proxmox refuses a line with both an address and a mapping, or with neither. */
const hostOrMapping: ConfigCheck = (_, { guest, lines }) => {
  const wrong = lines.filter(({ entry }) => (entry.mapping === null) === (entry.addresses.length === 0))
  return {
    problems: wrong.map(({ entry }) => ({
      says: `has ${entry.key} with ${entry.mapping === null ? 'neither an address nor a mapping' : 'both an address and a mapping'}, where one of them is needed`,
      devices: [],
      evidence: [lineShown(guest, entry)],
      cure: { set: { [entry.key]: '<address>' } },
    })),
    unknown: [],
  }
}

/** Message P-TWICE. The alternatives of a mapping may overlap: the next free one is taken. */
const namedTwice: ConfigCheck = (_, { guest, lines }) => {
  const fixed = lines.filter(({ claim }) => !claim.mediated && claim.alternatives.length === 1)
  const twice = fixed.flatMap((line, at) =>
    fixed
      .slice(at + 1)
      .filter((other) => placesOf([line]).some((one) => placesOf([other]).some((two) => overlap(one, two))))
      .map((other) => [line, other] as const),
  )
  return {
    problems: twice.map(([one, other]) => ({
      says: `has the same device in ${one.entry.key} and ${other.entry.key}`,
      devices: placesOf([one, other]),
      evidence: [lineShown(guest, one.entry), lineShown(guest, other.entry)],
      cure: { delete: [other.entry.key] },
    })),
    unknown: [],
  }
}

/** Message Q-PCIETYPE: a bridge cannot be given to a guest. */
const bridge: ConfigCheck = (facts, { guest, lines }) => {
  const wrong = lines.flatMap((line) =>
    placesOf([line])
      .filter((place) => isFunction(place) && deviceAt(facts, place)?.class.startsWith('0604'))
      .map((place) => ({ line, place })),
  )
  return {
    problems: wrong.map(({ line, place }) => ({
      says: `is to get the bridge ${naming(facts, place)}, which cannot be given to a guest`,
      devices: [place],
      evidence: [lineShown(guest, line.entry)],
      cure: { words: `name the device behind it in ${line.entry.key}` },
    })),
    unknown: [],
  }
}

/** Of a graphics card the guest should get every function: sound, USB and USB-C belong to it, and a reset takes all of them. */
const loneFunction: ConfigCheck = (facts, { guest, lines }) => {
  const own = claimsOf(facts, guest).flatMap(({ alternatives }) => alternatives.flat())
  const single = lines
    .filter(({ claim }) => !claim.mediated)
    .flatMap((line) =>
      placesOf([line])
        .filter(isFunction)
        .map((place) => ({ line, place })),
    )
  return {
    problems: single.flatMap(({ line, place }) => {
      const left = leftOf(facts, place, own)
      return left.length > 0 ? [leftBehind(facts, guest, line, place, left)] : []
    }),
    unknown: single.some(({ place }) => !deviceAt(facts, place)) ? ['lspci'] : [],
  }
}

/** The functions of a graphics card that the guest is not given. Of another maker they belong to the chipset that the graphics are a part of. */
function leftOf(facts: Facts, place: string, own: readonly string[]): string[] {
  const device = deviceAt(facts, place)
  if (!device?.class.startsWith('03')) return []
  return (facts.lspci ?? [])
    .filter((other) => /^(?:0403|0c03|0c80)$/.test(other.class) && other.vendor === device.vendor)
    .map(({ address }) => address)
    .filter((address) => oneCard(facts, place, address) && !own.some((one) => within(one, address)))
}

function leftBehind(
  facts: Facts,
  guest: TargetGuest['guest'],
  { entry }: GivenLine,
  place: string,
  left: readonly string[],
): ConfigProblem {
  const all = seenAddresses(facts).filter((address) => slotOf(address) === slotOf(place))
  const whole = all.every((address) => address === place || left.includes(address))
  const others = entry.addresses.filter((address) => address !== place)
  const host = [...(whole ? [slotOf(place)] : [place, ...left]), ...others].join(';')
  return {
    says: `is given ${place} without ${left.map((address) => naming(facts, address)).join(', ')} of the same card`,
    devices: [place, ...left],
    evidence: [
      lineShown(guest, entry),
      ...left.map((address) => ({
        saw: `${address} ${deviceAt(facts, address)?.className ?? ''}`.trim(),
        probe: 'lspci' as const,
      })),
    ],
    cure:
      entry.mapping === null
        ? { line: { key: entry.key, host } }
        : { words: `write path=${host} in the mapping ${entry.mapping}` },
  }
}

/** The checks of hostpci lines against each other and against the hardware. */
export const hostpciChecks: readonly ConfigCheck[] = [hostOrMapping, namedTwice, bridge, loneFunction]
