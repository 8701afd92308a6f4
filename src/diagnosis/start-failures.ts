import { addressesIn } from '../facts/address.ts'
import type { Facts } from '../facts/facts.ts'
import type { Tasks } from '../facts/probes/tasks.ts'
import { groupOf, oneCard, within } from './devices.ts'
import { isQ35 } from './guest-config.ts'
import { iommuActive } from './iommu.ts'
import { isBack } from './said-missing.ts'
import { matchesAgain } from './stale-mappings.ts'
import type { Target } from './target.ts'
import { claimsOf, guestsOf, targetDevices, usersOf } from './target-devices.ts'

/** Lines that look like trouble and are none (FINDINGS, last paragraph). */
const harmless =
  /Cannot reset device|but trying to continue|error writing '1' to '\/sys\/bus\/pci\/devices\/.*\/reset'|Invalid PCI ROM header|Cannot read device rom|leftover PCI reservation|swtpm|CPUID|doesn't support requested feature|rdmsr|warning:/i
const telling =
  /^(kvm|qemu[-\w]*|QEMU)\b.*:|vfio|IOMMU|PCI |internal error|can't|cannot|could not|failed|error|denied|not found|Assertion|got timeout|already in use/i
const emulator = /^(kvm|qemu[-\w]*|QEMU)\b.*:|vfio/
const wrapper = /^(start failed: )?QEMU exited with code \d+/

/** Does a line look like trouble without being any? */
export const isHarmless = (line: string): boolean => harmless.test(line)

/** All that a failed start says: its lines, and the error it ended with. */
export const linesOf = ({ lines, error }: Tasks[number]): string[] => (error === null ? [...lines] : [...lines, error])

/** All lines of the failed starts that concern the target. */
export const startLines = (facts: Facts, target: Target | null): string[] =>
  startFailures(facts, target).flatMap(linesOf)

/** The lines of a failed start that say why, the most useful first: what stands above "QEMU exited with code 1". */
export function usefulLines(task: Tasks[number]): string[] {
  const told = task.lines.filter((line) => telling.test(line) && !isHarmless(line) && !/^UPID:/.test(line))
  const error = task.error !== null && !wrapper.test(task.error) ? [task.error] : []
  const own = told.filter((line) => !wrapper.test(line))
  const lines = [...new Set([...own.filter((line) => emulator.test(line)), ...own, ...error])]
  return lines.length > 0 ? lines.slice(0, 4) : [task.error ?? task.lines.at(-1) ?? 'the start failed'].slice(0, 1)
}

/** The newest failed start of each guest that concerns the target and is not over: a guest that runs by now did start. */
export function startFailures(facts: Facts, target: Target | null): Tasks {
  const runs = new Set(facts.running?.map(({ id }) => id))
  const failed = (facts.tasks ?? [])
    .filter((task) => task.lines.length > 0 || task.error !== null)
    .filter((task) => task.error !== null || !/^TASK (OK|WARNINGS)/.test(task.lines.at(-1) ?? ''))
    .toSorted((one, other) => (other.startedAt ?? 0) - (one.startedAt ?? 0))
  const newest = failed.filter(
    ({ guest }, at) => guest === null || failed.findIndex((one) => one.guest === guest) === at,
  )
  return newest.filter((task) => !(task.guest !== null && runs.has(task.guest)) && concerns(facts, target, task))
}

function concerns(facts: Facts, target: Target | null, task: Tasks[number]): boolean {
  const text = textOf(task)
  const [guest] = guestsOf(facts, { kind: 'vm', id: task.guest ?? 0 }) ?? []
  if (guest && guest.hostpci.length === 0 && !/vfio|hostpci|PCI|IOMMU/.test(text)) return false
  if (target === null) return true
  if (target.kind === 'vm') return task.guest === null || task.guest === target.id
  const wanted = [target.address, ...targetDevices(facts, target).devices]
  const named = addressesIn(text)
  if (named.some((one) => wanted.some((own) => touches(facts, own, one)))) return true
  if (guest === undefined) return named.length === 0
  return usersOf(facts, wanted).includes(guest) || claimsOf(facts, guest).some(({ unknown }) => unknown.length > 0)
}

/** Is it the device itself, a function of its card, or in its group? */
const touches = (facts: Facts, own: string, other: string): boolean =>
  within(other, own) ||
  within(own, other) ||
  oneCard(facts, own, other) ||
  (groupOf(facts['iommu-groups'] ?? [], own)?.devices.includes(other) ?? false)

const textOf = (task: Tasks[number]): string => linesOf(task).join('\n')

/** Is what the start failed for over? The kernel of this boot, the guests that run or the guest's configuration contradict it. */
export function isOutdated(facts: Facts, task: Tasks[number]): boolean {
  const text = textOf(task)
  const holder = /(?:reserved for use|already in use) by VMID '(\d+)'/.exec(text)?.[1]
  if (holder !== undefined) return facts.running !== undefined && !facts.running.some(({ id }) => id === Number(holder))
  if (/q35 machine model is not enabled/.test(text)) {
    const guest = facts.guests?.find(({ id }) => id === task.guest)
    return guest !== undefined && isQ35(guest) === true
  }
  if (/IOMMU not present|no iommu_group found/.test(text)) return iommuActive(facts) === true
  if (/Cannot find vfio-pci module/.test(text)) return facts.lsmod?.includes('vfio_pci') === true
  if (matchesAgain(facts, task) || isBack(facts, task)) return true
  if (
    !/[Ff]ailed to set (iommu for|group) container: (Operation not permitted|Invalid argument)|failed to set iommu for container/.test(
      text,
    )
  )
    return false
  const log = facts['kernel-log']
  return (
    log?.reachesBoot === true &&
    !log.lines.some((line) => /No interrupt remapping support|RMRR requirement|1:1 IOMMU mapping/.test(line))
  )
}
