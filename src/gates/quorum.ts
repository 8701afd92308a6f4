import type { Gate } from '../changes/gate.ts'

/** The other members need a majority of the expected votes while this node is away; a QDevice's vote is among the total (FACTS 8). */
export const quorum: Gate = {
  id: 'quorum',
  inPlace: false,
  closed: ({ facts: { cluster } }) => {
    if (!cluster)
      return {
        because: 'the state of the cluster could not be read',
        opens: 'see that pvecm status answers on the node',
      }
    const { members, quorate, expectedVotes, totalVotes, ownVotes } = cluster
    if (quorate === false)
      return { because: 'the cluster has no quorum', opens: 'bring its other members back (pvecm status)' }
    if ((members ?? 1) <= 1) return null
    if (expectedVotes === null || totalVotes === null)
      return {
        because: 'the votes of the cluster could not be read',
        opens: 'see that pvecm status answers on the node',
      }
    if (totalVotes - (ownVotes ?? 1) > expectedVotes / 2) return null
    return {
      because: `without this node the cluster loses its quorum (${totalVotes} of ${expectedVotes} votes)`,
      opens: 'bring the missing members back, or give a cluster of two a QDevice',
    }
  },
}
