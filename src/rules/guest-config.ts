import { configChecks } from '../diagnosis/config-checks.ts'
import { cureText } from '../diagnosis/config-cure.ts'
import { guestName } from '../diagnosis/guest-config.ts'
import { hostpciChecks } from '../diagnosis/hostpci-checks.ts'
import { refusalSays, refusedStarts } from '../diagnosis/refused-starts.ts'
import { defineRule, type Evidence } from '../diagnosis/rule.ts'
import { functionsOf } from '../diagnosis/target-devices.ts'
import { type TargetGuest, targetGuests } from '../diagnosis/target-guests.ts'
import { addressesIn } from '../facts/address.ts'
import type { Facts } from '../facts/facts.ts'
import type { ProbeName } from '../facts/probes.ts'

/** FACTS 5.3 and messages P-Q35, P-TWICE, P-HOSTMAP, P-IGD, Q-XVGA, Q-PCIETYPE: what is wrong stands in the guest's own configuration. */
export const guestConfig = defineRule({
  id: 'guest-config',
  title: "The guest's configuration does not go with the device",
  why: 'Some settings of a guest exclude passthrough or each other: pcie=1 needs the machine type q35, x-vga=1 needs legacy VGA where the guest does not boot with OVMF, a device can stand in one line only, a graphics card should go over with all of its functions, and memory that a device may reach cannot be ballooned away.',
  fix: 'Correct the line that is named, with the command that is shown; it counts from the next start of the guest. Nothing has to be changed on the host. A guest with Windows may have to be activated again after its machine type was changed.',
  links: [
    'https://pve.proxmox.com/pve-docs/chapter-qm.html#qm_pci_passthrough',
    'https://pve.proxmox.com/wiki/PCI_Passthrough',
  ],
  needs: [],
  check: (facts, target) => {
    const refused = refusedStarts(facts, target, 'guest-config')
    const { guests, unknown } = targetGuests(facts, target)
    const checked = guests.map((one) => checkedGuest(facts, one))
    const problems = checked.flatMap((one) => one.problems)
    const evidence = distinct([...refused, ...problems].flatMap((one) => one.evidence))
    const named = refused.flatMap((one) => one.evidence.flatMap(({ saw }) => addressesIn(saw)))
    const { devices } = functionsOf(facts, [...named, ...problems.flatMap((one) => one.devices)])
    const [start] = refused.filter(({ over }) => !over)
    if (start) return { severity: 'blocker', devices, says: refusalSays(start), evidence, remedies: [] }
    if (problems.length > 0) {
      const says = checked.flatMap((one) => (one.says === null ? [] : [one.says])).join('; ')
      return { severity: 'warning', devices, says: `${upper(says)}.`, evidence, remedies: [] }
    }
    const [former] = refused
    if (former) return { severity: 'notice', devices, says: refusalSays(former), evidence, remedies: [] }
    const missing = new Set<ProbeName>([...unknown, ...checked.flatMap((one) => one.unknown)])
    if (!facts.tasks) missing.add('tasks')
    return missing.size > 0 ? { unknown: [...missing] } : 'ok'
  },
})

/** What all checks say of one guest, in words that end with what to type; null where nothing is wrong. */
function checkedGuest(facts: Facts, one: TargetGuest) {
  const checked = [...configChecks, ...hostpciChecks].map((check) => check(facts, one))
  const problems = checked.flatMap((each) => each.problems)
  const wrong = [...new Set(problems.map(({ says }) => says))].join(', and ')
  const cure = cureText(
    one.guest,
    problems.map((each) => each.cure),
  )
  const says = problems.length > 0 ? `${guestName(one.guest.id)} ${wrong}: ${cure}` : null
  return { problems, says, unknown: checked.flatMap((each) => each.unknown) }
}

const upper = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`

const distinct = (evidence: readonly Evidence[]): Evidence[] =>
  evidence.filter(({ saw }, at) => evidence.findIndex((other) => other.saw === saw) === at)
