import { withListValue } from '../bootconfig/kernel-line.ts'
import { blacklisted, moduleName, readModprobeConfig } from '../bootconfig/modprobe-config.ts'
import { consoleOf, type HeldDevice, heldDevices, hostsOwn, naming, stillHeld } from '../changes/held-devices.ts'
import type { Remedy } from '../changes/remedy.ts'
import { isRefusal } from '../errors.ts'
import type { Facts } from '../facts/facts.ts'

/**
 * Keeps a host driver that will not let go from loading at all: `modprobe.blacklist=` with every module that would take the
 * device. Only where these modules drive nothing else that the host may need (FACTS 9.12).
 */
export const keepDriverOff: Remedy = {
  id: 'keep-driver-off',
  title: 'Keep the host driver from loading',
  wish: (facts, { devices }) => {
    const { cmdline, lspci, lsmod } = facts
    if (!cmdline || !lspci || !lsmod)
      return { refused: 'the kernel line, the drivers or the loaded modules could not be read' }
    const held = heldDevices(facts, devices)
    if (isRefusal(held)) return held
    const fixed = held.find((device) => !modulesOf(device).some((name) => lsmod.includes(name)))
    if (fixed)
      return {
        refused: `${fixed.driver}, which has ${fixed.address}, is built into the kernel or not a module that is known, and a blacklist keeps modules out only`,
      }
    const modules = [...new Set(held.flatMap(modulesOf))].filter((name) => lsmod.includes(name) || !isOff(facts, name))
    const drivers = [...modules, ...held.map(({ driver }) => moduleName(driver))]
    const others = lspci.filter(({ driver }) => driver !== null && drivers.includes(moduleName(driver)))
    const [lost] = hostsOwn(facts, others, devices)
    if (lost)
      return {
        refused: `${lost.driver} also drives ${naming(facts, lost)}, which the host would lose with it`,
        hint: 'stop what uses the device on the host, or bind it by its address',
      }
    const args = withListValue(cmdline.words, 'modprobe.blacklist', modules)
    if (args.add.length === 0)
      return { refused: `modprobe.blacklist= already names ${modules.join(', ')}, and something loads it all the same` }
    const dark = consoleOf(facts, held)
    return {
      title: `Keep ${modules.join(', ')} from loading`,
      args,
      risk: dark ? 2 : 1,
      risks: [
        ...(dark ? [`The console of the node is on ${dark} and goes dark early in the boot: only SSH is left.`] : []),
        `No card gets ${modules.length > 1 ? 'these drivers' : 'this driver'} any more, containers and guests that share one included.`,
        'A service that loads the driver by name (nvidia-persistenced, nvidia-powerd) gets past a blacklist; the trial shows it.',
      ],
    }
  },
  uncured: (facts, { devices }) => stillHeld(facts, devices),
}

/** Every module that would take the device, the one that has it first; the driver's own name where lspci tells no module. */
function modulesOf({ driver, modules }: HeldDevice): string[] {
  const names = modules.map(moduleName).filter((name) => name !== 'vfio_pci')
  const own = moduleName(driver)
  return names.length === 0 ? [own] : names.toSorted((one, other) => Number(other === own) - Number(one === own))
}

/** Is the module kept off already by modprobe.d? Only believed of one that is not loaded. */
const isOff = (facts: Facts, name: string): boolean =>
  blacklisted(readModprobeConfig(facts['modprobe-d'] ?? [])).includes(name)
