import { chainOf } from '../boot/chains.ts'
import { NO_ARGUMENTS } from '../changes/another-kernel.ts'
import type { Remedy } from '../changes/remedy.ts'
import { isRefusal, type Refusal } from '../errors.ts'
import type { Facts } from '../facts/facts.ts'
import { installKernel as install } from '../jobs/install-package.ts'
import { setPin } from '../jobs/kernel-pin.ts'

const FOLDER = '/var/lib/lanekeeper/packages'

/**
 * Installs a patched kernel that an operator has put on the node, beside the others. What boots stays the running kernel: it is
 * pinned first. The next diagnosis then proposes to try the new one (FACTS 2.2, 9.8).
 */
export const installKernel: Remedy = {
  id: 'install-kernel',
  title: 'Install the patched kernel beside the others',
  wish: (facts, { kernel }) => {
    const { 'kernel-packages': packages, kernels, uname, firmware } = facts
    if (!packages || !kernels || uname === undefined || !firmware)
      return { refused: 'the kernels, or what the firmware checks of them, could not be read' }
    const given = packages.find(({ release }) => release === kernel)
    if (!given)
      return {
        refused: 'no package of a kernel that has the option lies on the node',
        hint: `upgrade Proxmox VE, or take the opt-in kernel 6.2 of PVE 7; a patched kernel of your own goes into ${FOLDER}, with its sha256 beside it in <file>.sha256`,
      }
    if (given.sha256 === null)
      return {
        refused: `${given.path} has no sha256 beside it`,
        hint: `put the sum that its maker names into ${given.path}.sha256`,
      }
    if (firmware.secureBoot === 'enabled' || (firmware.efi !== false && firmware.secureBoot !== 'disabled'))
      return { refused: 'Secure Boot is on, or could not be read, and starts no kernel that is not signed' }
    if (kernels.installed.includes(given.release)) return { refused: `kernel ${given.release} is installed already` }
    const pinned = kernels.pinned ?? ''
    const boots = kernelThatBoots(facts)
    if (isRefusal(boots)) return boots
    return {
      title: `Install kernel ${given.release} beside the others`,
      args: NO_ARGUMENTS,
      jobs: [
        ...(pinned === uname ? [] : [setPin({ from: pinned, to: uname, boots: uname, booted: boots.release })]),
        install({ path: given.path, sha256: given.sha256, name: given.name, release: given.release }),
      ],
      inPlace: true,
      risk: 2,
      risks: [
        `What boots stays ${uname}, which is pinned; only the next change tries ${given.release}.`,
        'It is a kernel of a third party: not signed, and without security updates. The supported way is an upgrade of Proxmox VE, or the opt-in kernel 6.2 (6.2.16-20-bpo11-pve) on PVE 7.',
        `Its package scripts run as root on the node. It is installed only if its sha256 is ${given.sha256.slice(0, 12)}….`,
      ],
    }
  },
  uncured: (facts, { jobs = [] }) => {
    const { kernels, uname } = facts
    if (!kernels || uname === undefined) return ['the kernels could not be read']
    const release = jobs.flatMap((order) => order.with.release ?? []).at(0)
    return [
      ...(release !== undefined && kernels.installed.includes(release) ? [] : [`kernel ${release} is not installed`]),
      ...stays(facts, uname),
    ]
  },
}

/** By what GRUB reads, where GRUB boots: a pin is a file that may not have come to it (FACTS 1.4). */
function kernelThatBoots(facts: Facts): { readonly release: string } | Refusal {
  const forecast = chainOf(facts)?.forecast(facts, { args: NO_ARGUMENTS })
  if (!forecast) return { refused: 'how this node boots is not known for sure' }
  return isRefusal(forecast) ? forecast : { release: forecast.kernel }
}

const stays = (facts: Facts, running: string): string[] => {
  const boots = kernelThatBoots(facts)
  if (isRefusal(boots)) return [`which kernel the next boot starts cannot be told: ${boots.refused}`]
  return boots.release === running ? [] : [`the next boot would be ${boots.release} and not ${running} any more`]
}
