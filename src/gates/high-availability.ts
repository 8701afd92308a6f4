import type { Gate } from '../changes/gate.ts'

const MOVES = ['migrate', 'failover']

/** FACTS 8: with `conditional` (the default) and `freeze` HA waits for a node that reboots; else it moves guests, and those with a device hang. */
export const highAvailability: Gate = {
  id: 'high-availability',
  inPlace: false,
  closed: ({ facts: { cluster, guests } }) => {
    if (!cluster || !guests) return null
    if (cluster.fencing)
      return { because: 'HA is fencing a node of the cluster', opens: 'wait until ha-manager status shows it over' }
    if (!MOVES.includes(cluster.shutdownPolicy ?? '')) return null
    const held = guests.filter(
      ({ kind, id, hostpci }) => kind === 'qemu' && hostpci.length > 0 && cluster.ha.includes(`vm:${id}`),
    )
    if (held.length === 0) return null
    return {
      because: `HA would move ${held.map(({ id }) => `guest ${id}`).join(', ')} away before the reboot (shutdown_policy=${cluster.shutdownPolicy}), and a guest with a passed-through device cannot move`,
      opens: 'set shutdown_policy to conditional in the options of the datacenter, or take the guest out of HA for now',
    }
  },
}
