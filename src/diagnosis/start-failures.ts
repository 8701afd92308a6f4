import type { Facts } from '../facts/facts.ts'
import type { Tasks } from '../facts/probes/tasks.ts'
import { slotOf } from './devices.ts'
import { iommuActive } from './iommu.ts'
import type { Target } from './target.ts'
import { ownersOf, targetDevices } from './target-devices.ts'

/** Lines that look like trouble and are none (FINDINGS, last paragraph). */
const harmless =
  /Cannot reset device|but trying to continue|error writing '1' to '\/sys\/bus\/pci\/devices\/.*\/reset'|Invalid PCI ROM header|Cannot read device rom|leftover PCI reservation|swtpm|CPUID|doesn't support requested feature|rdmsr|warning:/i
const telling =
  /^(kvm|qemu[-\w]*|QEMU)\b.*:|vfio|IOMMU|PCI |internal error|can't|cannot|could not|failed|error|denied|not found|Assertion|got timeout|already in use/i
const emulator = /^(kvm|qemu[-\w]*|QEMU)\b.*:|vfio/
const wrapper = /^(start failed: )?QEMU exited with code \d+/

/** The lines of a failed start that say why, the most useful first: what stands above "QEMU exited with code 1". */
export function usefulLines(task: Tasks[number]): string[] {
  const told = task.lines.filter((line) => telling.test(line) && !harmless.test(line) && !/^UPID:/.test(line))
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
  const text = [...task.lines, task.error ?? ''].join('\n')
  const guest = facts.guests?.find(({ id }) => id === task.guest)
  if (guest && guest.hostpci.length === 0 && !/vfio|hostpci|PCI|IOMMU/.test(text)) return false
  if (target === null) return true
  if (target.kind === 'vm') return task.guest === null || task.guest === target.id
  const { devices } = targetDevices(facts, target)
  if (devices.some((address) => text.includes(slotOf(address).replace(/^0000:/, '')))) return true
  return guest === undefined || ownersOf(facts, devices).some(({ id }) => id === guest.id)
}

/** Does the failure belong to an earlier boot? The kernel of this one contradicts what it says. */
export function isOutdated(facts: Facts, task: Tasks[number]): boolean {
  const text = [...task.lines, task.error ?? ''].join('\n')
  if (/IOMMU not present|no iommu_group found/.test(text)) return iommuActive(facts) === true
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
