import type { Gate } from '../changes/gate.ts'

/** Backups, migrations, replications, package installations. */
export const workInProgress: Gate = {
  id: 'work-in-progress',
  inPlace: true,
  closed: ({ facts: { locks } }) => {
    if (!locks)
      return {
        because: 'whether a backup, a migration or a package installation is running could not be read',
        opens: '/pcie diagnose says why; see that the bot may read it (sudo, rights)',
      }
    return locks.length === 0
      ? null
      : { because: `the node is busy (${locks.join(', ')})`, opens: 'wait until that is over, or end it' }
  },
}
