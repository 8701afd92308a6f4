import type { Facts } from '../facts/facts.ts'
import type { Iomem } from '../facts/probes/iomem.ts'
import type { ProbeName } from '../facts/probes.ts'
import { sysfbInitActs } from '../knowledge/boot-framebuffer.ts'
import { concernOf } from './concern.ts'
import { seenAddresses } from './devices.ts'
import { isBootVga, isDisplayAt } from './displays.ts'
import { said } from './iommu.ts'
import { tokensOf } from './kernel-line.ts'
import type { Evidence } from './rule.ts'
import type { Target } from './target.ts'

/**
 * Graphics cards of the target on which the boot framebuffer sits. `refused`: the kernel could not reserve a BAR for it.
 * `unknown`: what is missing to say that there is none.
 */
export interface HeldByFramebuffer {
  readonly devices: readonly string[]
  readonly evidence: readonly Evidence[]
  readonly refused: boolean
  readonly unknown: readonly ProbeName[]
}

const reserve = /BAR \d+\b.*can't reserve/

/** What /proc/iomem shows decides; where it was not read, the kernel's refusal of a BAR (message K-BAR) on the boot card. FACTS 2.2. */
export function heldByFramebuffer(facts: Facts, target: Target | null): HeldByFramebuffer {
  const concern = concernOf(facts, target)
  const refusals = (facts['kernel-log']?.lines ?? [])
    .filter((line) => reserve.test(line))
    .flatMap((saw) => concern.namedIn(saw).map((address) => ({ address, saw })))
  const placed = (facts.iomem ?? []).map((entry) => ({ entry, address: placeOf(facts, entry, refusals) }))
  const seen = placed.filter(({ address }) => address !== null && concern.has(address))
  const held = facts.iomem
    ? seen.flatMap(({ address }) => address ?? [])
    : refusals.map(({ address }) => address).filter((address) => mayHoldScreen(facts, address))
  const devices = [...new Set(held)].toSorted()
  const refused = refusals.filter(({ address }) => devices.includes(address))
  const unknown: ProbeName[] = []
  if (!facts.iomem || refusals.length > refused.length) unknown.push('iomem')
  if (placed.some(({ address }) => address === null)) unknown.push('pci-sysfs')
  return {
    devices,
    evidence: [
      ...refused.slice(0, 4).map(({ saw }): Evidence => ({ saw, probe: 'kernel-log' })),
      ...seen.map(({ entry, address }): Evidence => ({ saw: textOf(entry, address), probe: 'iomem' })),
    ],
    refused: refused.length > 0,
    unknown: [...unknown, ...concern.open],
  }
}

/** The names under which a framebuffer holds memory: BOOTFB (the simple one), simpledrm, efifb, vesafb. */
export const holdersOf = (facts: Facts): string[] => [...new Set((facts.iomem ?? []).map(({ name }) => name))]

/** Log lines in which the simple framebuffer gets the screen. */
export const simpleTookOver = (facts: Facts): Evidence[] =>
  said(facts, /Initialized simpledrm|simple-framebuffer\.\d+: .*(fb\d|framebuffer at)|frame ?buffer device.*simple/i)

/** Is `initcall_blacklist=sysfb_init` on the running line? Null when the line was not read. */
export const sysfbInitIsLive = ({ cmdline }: Facts): boolean | null =>
  cmdline ? tokensOf(cmdline.words, 'initcall_blacklist').includes('sysfb_init') : null

/** Can that argument still free the card: it is not live yet, and it acts on the running kernel? */
export const canBeFreed = (facts: Facts): boolean =>
  sysfbInitIsLive(facts) === false && sysfbInitActs(facts.uname, holdersOf(facts)) === true

/** Whose memory it is: as /proc/iomem nests it, by the region that the kernel could not reserve, else the boot card's. */
function placeOf(
  facts: Facts,
  entry: Iomem[number],
  refusals: readonly { address: string; saw: string }[],
): string | null {
  if (entry.device != null) return entry.device
  const held = /^([0-9a-f]+)-([0-9a-f]+)$/i.exec(entry.range)
  const around = refusals.find(({ saw }) => {
    const bar = /\[mem 0x([0-9a-f]+)-0x([0-9a-f]+)/i.exec(saw)
    return held && bar && numberOf(bar[1]) <= numberOf(held[1]) && numberOf(held[2]) <= numberOf(bar[2])
  })
  return around?.address ?? seenAddresses(facts).find((address) => isBootVga(facts, address)) ?? null
}

const numberOf = (hex = ''): bigint => BigInt(`0x${hex}`)

const mayHoldScreen = (facts: Facts, address: string): boolean =>
  isDisplayAt(facts, address) !== false && isBootVga(facts, address) !== false

const textOf = ({ range, name }: Iomem[number], address: string | null): string =>
  `${range} : ${name}${address === null ? '' : ` in ${address}`}`
