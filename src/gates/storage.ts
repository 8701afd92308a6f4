import type { Gate } from '../changes/gate.ts'

/** ZFS pools that resilver, and what Ceph itself says must not stop now (`ceph osd ok-to-stop`, `ceph mon ok-to-stop`). */
export const storage: Gate = {
  id: 'storage',
  inPlace: false,
  closed: ({ facts: { upkeep } }) => {
    if (!upkeep || upkeep.unread.length > 0)
      return {
        because: `the state of packages, ZFS and Ceph could not be read${upkeep ? ` (${upkeep.unread.join('; ')})` : ''}`,
        opens: 'see that zpool status, and ceph -s where there is Ceph, answer on the node',
      }
    if (upkeep.resilvering.length > 0)
      return {
        because: `ZFS is resilvering ${upkeep.resilvering.join(', ')}`,
        opens: 'wait until zpool status shows it done',
      }
    return upkeep.ceph.length > 0
      ? {
          because: `Ceph says that this node must not stop now (${upkeep.ceph.join('; ')})`,
          opens: 'wait until ceph -s shows all placement groups active and clean, and set noout for the reboot',
        }
      : null
  },
}
