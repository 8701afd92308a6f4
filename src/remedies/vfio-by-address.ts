import { fileEdit } from '../boot/file-edit.ts'
import { moduleName } from '../bootconfig/modprobe-config.ts'
import {
  HOOK_PATH,
  readVfioScript,
  SCRIPT_IN_INITRAMFS,
  SCRIPT_PATH,
  VFIO_HOOK,
  vfioScript,
} from '../bootconfig/vfio-script.ts'
import { NO_ARGUMENTS } from '../changes/another-kernel.ts'
import { consoleOf, type HeldDevice, heldDevices, stillHeld } from '../changes/held-devices.ts'
import type { Remedy } from '../changes/remedy.ts'
import { isRefusal, type Refusal } from '../errors.ts'
import { buildInitramfs } from '../jobs/initramfs.ts'

/**
 * Gives a device to vfio-pci by its address, in the initramfs, before any host driver is loaded. A twin keeps its driver. The
 * trial starts with an initramfs of its own (FACTS 2.2, 9.12).
 */
export const vfioByAddress: Remedy = {
  id: 'vfio-by-address',
  title: 'Give the device to vfio-pci by its address',
  wish: (facts, { devices }) => {
    const { uname, lsmod, 'initramfs-tools': tools } = facts
    if (uname === undefined || !lsmod || !tools)
      return { refused: 'the running kernel, its modules or the way its initramfs is built could not be read' }
    const lacks = ['mkinitramfs', 'update-initramfs', 'lsinitramfs'].find((tool) => !tools.tools.includes(tool))
    if (lacks) return { refused: `this node has no ${lacks}: its initramfs is built in another way` }
    const held = heldDevices(facts, devices)
    if (isRefusal(held)) return held
    const fixed = held.find(({ driver, modules }) =>
      [driver, ...modules].map(moduleName).every((name) => !lsmod.includes(name)),
    )
    if (fixed)
      return {
        refused: `${fixed.driver} is built into the kernel and has ${fixed.address} before the initramfs starts`,
      }
    const textOf = (path: string) => tools.files.find((file) => file.path === path)?.text ?? null
    const script = withDevices(textOf(SCRIPT_PATH), held)
    if (isRefusal(script)) return script
    const dark = consoleOf(facts, held)
    const names = held.map(({ address }) => address).join(', ')
    return {
      title: `Give ${names} to vfio-pci by address, early in the boot`,
      args: NO_ARGUMENTS,
      files: [
        fileEdit(HOOK_PATH, textOf(HOOK_PATH), VFIO_HOOK, '755'),
        fileEdit(SCRIPT_PATH, textOf(SCRIPT_PATH), script, '755'),
      ].filter(({ before, after }) => before !== after),
      jobs: [buildInitramfs({ release: uname, holds: SCRIPT_IN_INITRAMFS, gone: '' })],
      risk: dark ? 2 : 1,
      risks: [
        ...(dark ? [`The console of the node is on ${dark} and goes dark early in the boot: only SSH is left.`] : []),
        `The initramfs of ${uname} is built anew with all that has changed since; the trial starts with it, and other kernels get the script when theirs is built.`,
        'A card that is moved to another slot is not found there: it gets its host driver again.',
      ],
    }
  },
  uncured: (facts, { devices }) => stillHeld(facts, devices),
}

/** The script for the devices besides those it names already; refused where somebody has edited it. */
function withDevices(existing: string | null, held: readonly HeldDevice[]): string | Refusal {
  const former = existing === null ? [] : readVfioScript(existing)
  if (former === null)
    return {
      refused: `${SCRIPT_PATH} was edited by hand`,
      hint: `add ${held.map(({ address }) => address).join(', ')} there, then run update-initramfs -u`,
    }
  const added = held.map(({ address, vendor, device }) => ({ address, id: `${vendor}:${device}` }))
  const kept = former.filter(({ address }) => !added.some((one) => one.address === address))
  const all = [...kept, ...added].toSorted((one, other) => (one.address < other.address ? -1 : 1))
  const text = vfioScript(all)
  return text === existing
    ? {
        refused: 'the script in the initramfs names the device already, and the host driver came first',
        hint: 'run update-initramfs -u and reboot if it was set after the last boot',
      }
    : text
}
