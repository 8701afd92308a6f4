import type { Known } from '../facts/facts.ts'
import type { HostDevices } from '../facts/probes/host-devices.ts'
import { groupOf } from './devices.ts'

/** What the host would lose: `held` is what it stands on, `lost` the addresses of that, `takers` the devices whose start takes them along. */
export interface HostLoss {
  readonly held: HostDevices
  readonly lost: readonly string[]
  readonly takers: readonly string[]
}

/**
 * What of the host goes to a guest together with these devices: they are it themselves, or are in one group with it (FACTS 5.4).
 * The console that is passed through on purpose is another finding.
 */
export function hostLoss(facts: Known<'iommu-groups' | 'host-devices'>, devices: readonly string[]): HostLoss {
  const takes = (address: string, own: string) =>
    address === own || (groupOf(facts['iommu-groups'], address)?.devices.includes(own) ?? false)
  const held = facts['host-devices'].filter(
    ({ use, address: own }) =>
      !(use === 'console' && devices.includes(own)) && devices.some((address) => takes(address, own)),
  )
  const lost = [...new Set(held.map(({ address }) => address))]
  return { held, lost, takers: devices.filter((address) => lost.some((own) => takes(address, own))) }
}
