import { concernOf } from '../diagnosis/concern.ts'
import { naming } from '../diagnosis/devices.ts'
import { isDisplayAt } from '../diagnosis/displays.ts'
import { fatalResets, lostAtStart, resetComplaints, resetMethodRefusals } from '../diagnosis/resets.ts'
import { defineRule, type Evidence } from '../diagnosis/rule.ts'
import type { Target } from '../diagnosis/target.ts'
import { targetDevices } from '../diagnosis/target-devices.ts'
import type { Facts } from '../facts/facts.ts'
import type { ProbeName } from '../facts/probes.ts'

/**
 * FACTS 4 (reset_method, from 5.15 on), messages Q-RESET and P-RESET-DIE. A bus reset is a reset. On chipset and audio functions a
 * missing reset means nothing (FINDINGS, last paragraph), and neither does "failed to reset …, but trying to continue".
 */
export const noReset = defineRule({
  id: 'no-reset',
  title: 'The graphics card cannot be reset',
  why: 'Between two guests, and at each start, a card has to be brought back to a clean state. One that cannot be reset works once and then hangs, stays black or takes the host with it until the node is switched off.',
  fix: 'Pass all functions of the card to the same guest, so that the bus can be reset. On AMD Polaris, Vega and Navi 1x install the module vendor-reset for the running kernel, and with kernels from 5.15 on also write its method: echo device_specific > /sys/bus/pci/devices/<address>/reset_method, with vendor-reset loaded first. Update qemu-server to 8.2.6 or newer, which goes on where a device needs no reset.',
  links: [
    'https://www.kernel.org/doc/Documentation/ABI/testing/sysfs-bus-pci',
    'https://github.com/gnif/vendor-reset/issues/46',
    'https://github.com/gnif/vendor-reset/pull/64',
  ],
  needs: [],
  mutedBy: ['device-gone-dead'],
  check: (facts, target) => {
    const concern = concernOf(facts, target)
    const none = withoutReset(facts, target)
    const refused = resetMethodRefusals(facts, concern)
    const fatal = fatalResets(facts, target, concern)
    const complaints = resetComplaints(facts, target, concern).filter(({ address }) => isDisplayAt(facts, address))
    const lost = refused.length > 0 ? lostAtStart(facts, target) : []
    const lines = [...none, ...refused, ...fatal, ...complaints]
    const devices = [...new Set(lines.map(({ address }) => address))].toSorted()
    if (devices.length === 0) {
      const unknown = missing(facts, target)
      return unknown.length > 0 ? { unknown } : 'ok'
    }
    const stops = fatal.length > 0 || lost.length > 0
    const onlyQemu = lines.length === complaints.length && devices.every((address) => methodsOf(facts, address)?.length)
    const names = devices.map((address) => naming(facts, address)).join(', ')
    return {
      severity: stops ? 'blocker' : onlyQemu ? 'notice' : 'warning',
      devices,
      says: saying(names, refused.length > 0, stops, onlyQemu),
      evidence: [...lines.map(({ evidence }) => evidence).slice(0, 8), ...lost],
      remedies: [],
    }
  },
})

function saying(names: string, refused: boolean, stops: boolean, onlyQemu: boolean): string {
  if (onlyQemu) return `QEMU could not reset the bus of ${names}, but the card has a reset of its own.`
  if (refused)
    return `The kernel does not take the reset method that was asked for ${names}${stops ? ', and the card did not come back for the guest' : ''}.`
  return `${names} cannot be reset${stops ? ', so the guest was not started' : ''}.`
}

const methodsOf = (facts: Facts, address: string): readonly string[] | null | undefined =>
  facts['pci-sysfs']?.find((device) => device.address === address)?.resetMethods

/** Graphics cards of the target whose reset_method is empty. */
const withoutReset = (facts: Facts, target: Target | null): { address: string; evidence: Evidence }[] =>
  targetDevices(facts, target)
    .devices.filter((address) => methodsOf(facts, address)?.length === 0 && isDisplayAt(facts, address))
    .map((address) => ({ address, evidence: { saw: `${address} reset_method is empty`, probe: 'pci-sysfs' } }))

/** What is missing to say that every graphics card of the target can be reset. */
function missing(facts: Facts, target: Target | null): ProbeName[] {
  const { devices, unknown } = targetDevices(facts, target)
  const out: ProbeName[] = [...unknown]
  for (const address of devices) {
    const display = isDisplayAt(facts, address)
    const methods = methodsOf(facts, address)
    if (display !== false && methods == null) out.push('pci-sysfs')
    if (display === null) out.push('lspci')
  }
  if (!facts.tasks) out.push('tasks')
  if (!facts['kernel-log']) out.push('kernel-log')
  return [...new Set(out)]
}
