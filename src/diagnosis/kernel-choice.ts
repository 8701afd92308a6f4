import type { Facts } from '../facts/facts.ts'
import { compareKernels, newestKernel, sameSeries } from '../knowledge/kernel-versions.ts'

/** The running kernel: as `uname -r` says, else as the list of kernels does; null where neither was read. */
export const runningKernel = (facts: Facts): string | null => facts.uname ?? facts.kernels?.running ?? null

/** What a person types to boot an installed kernel from now on. FACTS 1.4: proxmox-boot-tool's ESPs need the refresh, the others not. */
export function howToBoot(facts: Facts, release: string): string {
  const { nextBoot, default: usual } = facts.kernels ?? {}
  if ((nextBoot ?? usual) === release) return 'it is what boots next, so reboot the node'
  const refresh = facts['boot-tool']?.managed ? ' && proxmox-boot-tool refresh' : ''
  return `type "proxmox-boot-tool kernel pin ${release}${refresh}" and reboot`
}

/** The kernel to go to from a bad one: the newest good one of the same series, else the newest good one that is older. */
export function goodKernel(bad: string, good: readonly string[]): string | null {
  const others = good.filter((release) => release !== bad)
  return (
    newestKernel(others.filter((release) => sameSeries(release, bad))) ??
    newestKernel(others.filter((release) => compareKernels(release, bad) < 0))
  )
}
