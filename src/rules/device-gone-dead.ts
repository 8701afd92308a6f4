import { concernOf } from '../diagnosis/concern.ts'
import { answersNow, type DeadSign, deadSigns, provesDeath } from '../diagnosis/dead-devices.ts'
import { naming, seenAddresses, within } from '../diagnosis/devices.ts'
import { parameterGiven } from '../diagnosis/module-config.ts'
import { resetMethodRefusals } from '../diagnosis/resets.ts'
import { defineRule } from '../diagnosis/rule.ts'
import { startFailures } from '../diagnosis/start-failures.ts'
import type { Target } from '../diagnosis/target.ts'
import type { Facts } from '../facts/facts.ts'
import { whatHelps } from '../knowledge/dead-device-signatures.ts'

/** Messages K-D3, K-RESET, Q-D3 of FACTS 6 and the older and newer forms of the table. Power state D3cold alone is how an idle card rests. */
export const deviceGoneDead = defineRule({
  id: 'device-gone-dead',
  title: 'The device no longer answers',
  why: 'A device that has lost its power or its link, or that did not come back from a reset, answers every question with all ones: header type 7f, interrupt pin ff, link width x0. No guest can use it then, and no kernel argument brings it back.',
  fix: 'Shut the node down and take it off the power for a minute: a mere reboot often does not bring the device back. If it happens again, keep the idle device awake ("options vfio-pci disable_idle_d3=1" in /etc/modprobe.d/vfio.conf, then update-initramfs -u -k all), and check seat, power plugs, riser or cable, and the card’s firmware.',
  links: [
    'https://git.kernel.org/pub/scm/linux/kernel/git/torvalds/linux.git/tree/drivers/pci/pci.c',
    'https://github.com/kata-containers/kata-containers/issues/11708',
  ],
  needs: [],
  check: (facts, target) => {
    const { signs, unknown } = deadSigns(facts, target)
    if (!provesDeath(signs)) return unknown.length > 0 ? { unknown } : 'ok'
    const devices = [...new Set(signs.flatMap((sign) => sign.devices).flatMap(functionsAt(facts)))].toSorted()
    const [first = ''] = devices
    const sure = signs.filter(({ signature }) => signature.sure)
    const [worst] = sure.length > 0 ? sure : signs
    const over = answersAgain(facts, target, sure)
    const names = devices.length > 0 ? devices.map((address) => naming(facts, address)).join(', ') : 'The device'
    const state = over
      ? 'stopped answering earlier in this boot and answers again now'
      : `no longer answer${devices.length > 1 ? '' : 's'} the host`
    const telling = signs.map(({ signature }) => signature).filter((one) => !one.sure || one === worst?.signature)
    return {
      severity: over || resetIsTheFault(facts, target, sure) ? 'warning' : 'blocker',
      devices,
      says: `${names} ${state}: ${worst?.signature.means}. ${whatHelps(telling, first, idleAwake(facts))}`,
      evidence: signs
        .filter((sign, at) => signs.slice(0, at).filter(({ signature }) => signature === sign.signature).length < 3)
        .map(({ evidence }) => evidence),
      remedies: [],
    }
  },
})

/** A slot, which NVIDIA's driver names, stands for the functions in it. */
const functionsAt =
  (facts: Facts) =>
  (address: string): string[] => {
    const seen = seenAddresses(facts).filter((one) => within(address, one))
    return seen.length > 0 ? seen : [/\.[0-7]$/.test(address) ? address : `${address}.0`]
  }

/** Only the log of this boot speaks against a device that answers by now, and no guest failed to start over it. */
const answersAgain = (facts: Facts, target: Target | null, sure: readonly DeadSign[]): boolean =>
  sure.length > 0 &&
  sure.every(({ evidence }) => evidence.probe === 'kernel-log') &&
  sure.flatMap(({ devices }) => devices).every((address) => answersNow(facts, address) === true) &&
  startFailures(facts, target).length === 0

/** QEMU met a card that did not come back because the kernel took no reset method for it: that is `no-reset`. */
const resetIsTheFault = (facts: Facts, target: Target | null, sure: readonly DeadSign[]): boolean =>
  sure.length > 0 &&
  sure.every(({ signature }) => signature.id === 'interrupt-pin-all-ones') &&
  resetMethodRefusals(facts, concernOf(facts, target)).length > 0

/** Is disable_idle_d3 set, in modprobe.d or on the kernel line? */
const idleAwake = (facts: Facts): boolean =>
  parameterGiven(facts, 'vfio-pci', 'disable_idle_d3').some(({ saw }) => /disable_idle_d3(=[1yY]|\s|$)/.test(saw))
