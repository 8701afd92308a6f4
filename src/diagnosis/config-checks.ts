import type { Facts } from '../facts/facts.ts'
import { isOn } from '../facts/probes/guests.ts'
import type { ProbeName } from '../facts/probes.ts'
import { hasFix } from '../knowledge/package-fixes.ts'
import type { ConfigCure } from './config-cure.ts'
import { hasOvmf, isQ35, isWhole, memoryOf } from './guest-config.ts'
import type { Evidence } from './rule.ts'
import { configShown, type GivenLine, lineShown, type TargetGuest } from './target-guests.ts'

/** One thing in a guest's configuration that does not go with passthrough; `says` follows the guest's name. */
export interface ConfigProblem {
  readonly says: string
  readonly devices: readonly string[]
  readonly evidence: readonly Evidence[]
  readonly cure: ConfigCure
}

/** What a check found, and the probes without which it could not tell. */
export interface Checked {
  readonly problems: readonly ConfigProblem[]
  readonly unknown: readonly ProbeName[]
}

export type ConfigCheck = (facts: Facts, guest: TargetGuest) => Checked

const nothing: Checked = { problems: [], unknown: [] }
const unknown = (...probes: ProbeName[]): Checked => ({ problems: [], unknown: probes })
const found = (...problems: ConfigProblem[]): Checked => ({ problems, unknown: [] })

/** The slots and devices of lines. */
export const placesOf = (lines: readonly GivenLine[]): string[] =>
  lines.flatMap(({ claim }) => claim.alternatives.flat())

/** FACTS 5.3: Proxmox does not start a guest with `pcie=1` and another machine type than q35. */
const pcieWithoutQ35: ConfigCheck = (_, { guest, lines }) => {
  const wrong = lines.filter(({ entry }) => isOn(entry.options.pcie))
  const arm = guest.config.arch !== undefined && guest.config.arch !== 'x86_64'
  if (wrong.length === 0 || arm || isQ35(guest) === true) return nothing
  if (isQ35(guest) === null) return unknown('guests')
  return found({
    says: 'has pcie=1 without the machine type q35',
    devices: placesOf(wrong),
    evidence: [...wrong.map(({ entry }) => lineShown(guest, entry)), configShown(guest, 'machine')],
    cure: { set: { machine: 'q35' } },
  })
}

/** What Proxmox checks of legacy-igd (message P-IGD), as far as the configuration tells. */
const legacyIgd: ConfigCheck = (_, { guest, lines }) => {
  const [line] = lines.filter(({ entry }) => isOn(entry.options['legacy-igd']))
  if (!line) return nothing
  const { machine, vga } = guest.config
  if ((machine === undefined || vga === undefined) && !isWhole(guest)) return unknown('guests')
  const set = { ...(isQ35(guest) ? { machine: 'pc' } : {}), ...(vga === 'none' ? {} : { vga: 'none' }) }
  const primary = isOn(line.entry.options['x-vga'])
  if (Object.keys(set).length === 0 && !primary) return nothing
  return found({
    says: 'has legacy-igd=1, which needs the machine type i440fx, no other screen and no x-vga=1',
    devices: placesOf([line]),
    evidence: [lineShown(guest, line.entry), ...Object.keys(set).map((key) => configShown(guest, key))],
    cure: { set, line: { key: line.entry.key, drop: isQ35(guest) ? ['pcie', 'x-vga'] : ['x-vga'] } },
  })
}

/** Proxmox put the drives of odd numbers on a second unit, which q35 has not. */
const ideOnQ35: ConfigCheck = (facts, { guest }) => {
  const odd = ['ide1', 'ide3'].filter((key) => guest.config[key] !== undefined)
  if (odd.length === 0 || isQ35(guest) !== true) return nothing
  const fixed = facts.pveversion ? hasFix('ide-on-q35', facts.pveversion) : null
  if (fixed !== false) return fixed ? nothing : unknown('pveversion')
  return found({
    says: `has ${odd.join(' and ')} with the machine type q35, to which this version of Proxmox can attach ide0 and ide2 only`,
    devices: [],
    evidence: [...odd.map((key) => configShown(guest, key)), configShown(guest, 'machine')],
    cure: { delete: odd, words: 'then attach the drive to SATA or SCSI' },
  })
}

/** With OVMF Proxmox leaves x-vga out; with SeaBIOS it asks the device for legacy VGA. */
const xVgaWithoutOvmf: ConfigCheck = (_, { guest, lines }) => {
  const wrong = lines.filter(({ entry }) => isOn(entry.options['x-vga']))
  if (wrong.length === 0 || hasOvmf(guest) === true) return nothing
  if (hasOvmf(guest) === null) return unknown('guests')
  return found(
    ...wrong.map((line) => ({
      says: 'has x-vga=1 without OVMF, so that it needs legacy VGA of the card and of the host',
      devices: placesOf([line]),
      evidence: [lineShown(guest, line.entry), configShown(guest, 'bios')],
      cure: { line: { key: line.entry.key, drop: ['x-vga'] }, words: 'install the guest with OVMF where it can be' },
    })),
  )
}

/** Without its ROM a card that is the only screen (x-vga) shows nothing until a driver of the guest runs. */
const screenWithoutRom: ConfigCheck = (_, { guest, lines }) => {
  const isOff = (value = '') => /^(?:0|off|no|false)$/i.test(value)
  const wrong = lines.filter(({ entry }) => isOn(entry.options['x-vga']) && isOff(entry.options.rombar))
  return found(
    ...wrong.map((line) => ({
      says: 'has rombar=0 on its only screen, so that nothing is seen before its driver runs',
      devices: placesOf([line]),
      evidence: [lineShown(guest, line.entry)],
      cure: { line: { key: line.entry.key, drop: ['rombar'] } },
    })),
  )
}

/** A passed-through device may reach the whole memory, so none of it can be taken back. */
const ballooning: ConfigCheck = (_, { guest, lines }) => {
  const least = Number(/^\d{1,9}$/.exec(guest.config.balloon ?? '')?.[0] ?? 0)
  const memory = memoryOf(guest)
  if (least === 0 || (memory !== null && least >= memory)) return nothing
  if (memory === null) return unknown('guests')
  return found({
    says: `has ballooning down to ${least} MiB, while a passed-through device keeps all of its ${memory} MiB in use`,
    devices: placesOf(lines),
    evidence: [configShown(guest, 'balloon'), configShown(guest, 'memory')],
    cure: { set: { balloon: '0' } },
  })
}

/** The checks of a guest's own lines. */
export const configChecks: readonly ConfigCheck[] = [
  pcieWithoutQ35,
  legacyIgd,
  ideOnQ35,
  xVgaWithoutOvmf,
  screenWithoutRom,
  ballooning,
]
