import { splitWords, withListValue } from '../bootconfig/kernel-line.ts'
import {
  loadedBefore,
  moduleName,
  namedModules,
  optionValues,
  readModprobeConfig,
} from '../bootconfig/modprobe-config.ts'
import { consoleOf, type HeldDevice, heldDevices, hostsOwn, naming, stillHeld } from '../changes/held-devices.ts'
import type { Remedy } from '../changes/remedy.ts'
import { isRefusal, type Refusal } from '../errors.ts'
import type { Facts } from '../facts/facts.ts'
import { vfioBuiltIn } from '../knowledge/vfio-modules.ts'

/**
 * Gives the device to vfio-pci before its host driver gets it: `vfio-pci.ids=`. Only where vfio-pci comes first (built in, or
 * loaded by modules configuration), and no other device has the same ids (FACTS 2.2).
 */
export const vfioIds: Remedy = {
  id: 'vfio-ids',
  title: 'Give the device to vfio-pci at boot',
  wish: (facts, { devices }) => {
    const { cmdline, lspci } = facts
    if (!cmdline || !lspci) return { refused: 'the kernel line or the devices could not be read' }
    const held = heldDevices(facts, devices)
    if (isRefusal(held)) return held
    const ids = [...new Set(held.map(({ vendor, device }) => `${vendor}:${device}`))]
    const alike = lspci.filter(({ vendor, device }) => ids.includes(`${vendor}:${device}`))
    const [twin] = hostsOwn(facts, alike, devices)
    if (twin)
      return {
        refused: `vfio-pci.ids=${twin.vendor}:${twin.device} would also take ${naming(facts, twin)}`,
        hint: 'bind the device by its address instead',
      }
    const race = inTime(facts, held)
    if (isRefusal(race)) return race
    const former = formerIds(facts, cmdline.line)
    const args = withListValue(cmdline.words, 'vfio-pci.ids', [...former, ...ids])
    if (args.add.length === 0 || ids.every((id) => former.includes(id)))
      return {
        refused: `vfio-pci is told to take ${ids.join(', ')} already, and the driver of the host came first`,
        hint: `if that was set after the last boot, a reboot is enough; else put "${softdep(held)}" into /etc/modprobe.d/vfio.conf and run update-initramfs -u -k all`,
      }
    const dark = consoleOf(facts, held)
    return {
      title: `Give ${held.map(({ address }) => address).join(', ')} to vfio-pci at boot`,
      args,
      risk: dark ? 2 : 1,
      risks: [
        ...(dark ? [`The console of the node is on ${dark} and goes dark early in the boot: only SSH is left.`] : []),
        ...race,
        'A card with the same ids that is put into this node later goes to vfio-pci as well.',
      ],
    }
  },
  uncured: (facts, { devices }) => stillHeld(facts, devices),
}

/** The ids that modprobe.d gives, where the kernel line gives none: a list on the line would overrule them. */
function formerIds(facts: Facts, line: string): string[] {
  if (splitWords(line).some((word) => /^vfio[-_]pci\.ids=/.test(word))) return []
  const last = optionValues(readModprobeConfig(facts['modprobe-d'] ?? []), 'vfio-pci', 'ids').at(-1)
  return (last?.value ?? '').split(',').filter((id) => id !== '')
}

/** Does vfio-pci come before the drivers? What may go wrong, or why it cannot. */
function inTime(facts: Facts, held: readonly HeldDevice[]): readonly string[] | Refusal {
  if (vfioBuiltIn(facts.uname) === true) return []
  const { modules, 'modprobe-d': modprobeD, lsmod } = facts
  if (!modules || !modprobeD || !lsmod) return { refused: 'how this node loads vfio-pci could not be read' }
  const loaded = ({ driver, modules: own }: HeldDevice) =>
    [driver, ...own].map(moduleName).filter((name) => lsmod.includes(name))
  const fixed = held.find((device) => loaded(device).length === 0)
  if (fixed)
    return { refused: `${fixed.driver} is built into the kernel and has ${fixed.address} before vfio-pci is loaded` }
  const config = readModprobeConfig(modprobeD)
  const late = held.filter((device) => !loaded(device).some((name) => loadedBefore(config, name).includes('vfio_pci')))
  if (late.length === 0) return []
  const names = [...new Set(late.map(({ driver }) => driver))].join(', ')
  if (!namedModules(modules).some(({ module }) => module === 'vfio_pci'))
    return {
      refused: `nothing loads vfio-pci before ${names}, so ids on the kernel line would come too late`,
      hint: `put "${softdep(late)}" into /etc/modprobe.d/vfio.conf and run update-initramfs -u -k all`,
    }
  return [
    `vfio-pci and ${names} are loaded at about the same time, and the first one gets the device; the trial shows which.`,
  ]
}

const softdep = (held: readonly HeldDevice[]): string =>
  [...new Set(held.map(({ driver }) => `softdep ${driver} pre: vfio-pci`))].join('; ')
