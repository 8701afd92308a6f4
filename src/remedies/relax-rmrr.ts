import { withListValue } from '../bootconfig/kernel-line.ts'
import type { Remedy } from '../changes/remedy.ts'

/**
 * Lets the kernel give up firmware's claim on the device: `intel_iommu=on,relax_rmrr`, where the running kernel has the option
 * (FACTS 2.2, 3). Cured when the device's group holds no `direct` region any more; the kernel's log line is no proof.
 */
export const relaxRmrr: Remedy = {
  id: 'relax-rmrr',
  title: 'Relax the firmware-reserved regions (RMRR)',
  wish: ({ cmdline, cpu, 'host-devices': host, 'iommu-groups': groups }, { devices }) => {
    if (!cmdline || !cpu) return { refused: 'the kernel line or the processor could not be read' }
    if (cpu.vendor !== 'intel') return { refused: 'relax_rmrr is an Intel option and does nothing on this processor' }
    const members = (groups ?? []).filter((group) => group.devices.some((device) => devices.includes(device)))
    const needed = host?.find(({ address }) => members.some((group) => group.devices.includes(address)))
    if (needed) {
      return {
        refused: `the host itself stands on ${needed.address} (${needed.use} ${needed.name}) in that group: relaxing its region could cost it`,
        hint: 'use another slot or another device for the guest',
      }
    }
    return {
      title: 'Relax the firmware-reserved regions (RMRR)',
      args: withListValue(cmdline.words, 'intel_iommu', ['on', 'relax_rmrr']),
      risk: 1,
      risks: [
        'The kernel itself warns: "assuming all RMRRs are relaxable. This can lead to instability or data loss".',
        'The firmware may go on using that memory (iLO, BMC, RAID monitoring). The option holds for the whole host.',
        'A firmware switch, where the board has one (HPE: shared memory features, or conrep per slot), is the better cure.',
      ],
    }
  },
  uncured: ({ 'reserved-regions': regions, 'iommu-groups': groups }, { devices }) => {
    if (!regions || !groups) return ['the reserved regions could not be read']
    const lost = devices.filter((device) => !groups.some((group) => group.devices.includes(device)))
    const held = groups
      .filter((group) => group.devices.some((device) => devices.includes(device)))
      .filter((group) => regions.some((region) => region.group === group.id && region.type === 'direct'))
    return [
      ...lost.map((device) => `${device} is in no IOMMU group any more`),
      ...held.map(({ id }) => `IOMMU group ${id} still has a region that firmware holds (direct)`),
    ]
  },
}
