import { lacks } from './authority.ts'
import type { Actor, Change, Vote } from './change.ts'
import type { Policy } from './policy.ts'

export interface Ballot {
  readonly votes: readonly Vote[]
  readonly verdict: 'waiting' | 'approved' | 'denied'
  readonly counted: boolean
  /** For the one who voted, and for the timeline when it counted. */
  readonly says: string
  /** It says what stands already: nothing that anybody has to be told. */
  readonly repeated?: boolean
}

/** What a person says, or takes back. `unseen` = of a plan that was not shown to them: then a yes is none. */
export interface Cast {
  readonly by: Actor
  readonly yes: boolean
  readonly given: boolean
  readonly unseen?: boolean
}

/** How many approvals a plan takes: more for the riskier ones. */
export const quorumOf = (change: Change, policy: Policy): number =>
  change.plan.risk === 2 ? Math.max(policy.quorum, policy.quorumForRisk2) : policy.quorum

/**
 * The one authorisation function, for reactions and commands alike: takes a vote, or its withdrawal, and says how the change
 * stands by the policy of this moment. Bots never count, nor does the requester unless the policy says so. `untold` = whose groups
 * could not be looked up: a no that may be one is kept.
 */
export function castVote(
  change: Change,
  policy: Policy,
  { by, yes, given, unseen }: Cast,
  at: string,
  untold: readonly string[] = [],
): Ballot {
  const not = (says: string, repeated = false): Ballot => ({
    votes: change.votes,
    verdict: standing(change, policy),
    counted: false,
    says,
    repeated,
  })
  if (change.state !== 'proposed' && change.state !== 'approved') {
    return not(`Change ${change.id} is ${change.state} already: this changes nothing.`)
  }
  if (change.state === 'proposed' && at >= change.expiresAt) {
    return not(`The card of change ${change.id} has expired: diagnose again.`)
  }
  if (yes && given && unseen) return not('The plan was not on that message yet.', true)
  const same = (vote: Vote) => vote.by.id === by.id && vote.yes === yes
  const had = change.votes.some(same)
  if (!given && !had) return not('There was nothing to take back.', true)
  // Who takes back what they said needs no right to say it.
  const reason = given && whyNot(change, policy, by, yes)
  const kept = reason && !yes && !by.bot && untold.length > 0
  if (reason && !kept) return not(reason)
  // Said again it counts where the verdict is overdue: an earlier voter's groups could not be looked up the first time.
  const overdue = change.state === 'proposed' && standing(change, policy) !== 'waiting'
  if (given && had && !overdue) return not('You have said so already.', true)
  const others = change.votes.filter((vote) => !same(vote))
  const votes = given ? [...others, { by, yes, digest: change.digest, at }] : others
  const verdict = standing({ ...change, votes }, policy)
  const what = yes ? 'approval' : 'denial'
  const count = validVotes({ ...change, votes }, policy).filter((vote) => vote.yes).length
  if (kept) {
    const says = `${by.name} (${by.id}) says no, and it could not be looked up whether that counts: nothing starts until it can be.`
    return { votes, verdict, counted: true, says }
  }
  const says = given
    ? `${yes ? 'Approved' : 'Denied'} by ${by.name} (${by.id})${yes ? `, ${count} of ${quorumOf(change, policy)}` : ''}.`
    : `${by.name} (${by.id}) took the ${what} back.`
  return { votes, verdict, counted: true, says }
}

/** How a change stands by its votes and the policy of this moment; asked again right before the change is carried out. */
export function standing(change: Change, policy: Policy): Ballot['verdict'] {
  const valid = validVotes(change, policy)
  if (valid.some((vote) => !vote.yes)) return 'denied'
  return valid.length >= quorumOf(change, policy) ? 'approved' : 'waiting'
}

/** Who said no without being known to be allowed to: nothing may start while that cannot be looked up. */
export const doubtfulNoes = (change: Change, policy: Policy): readonly Actor[] =>
  change.votes.filter(({ by, yes }) => !yes && whyNot(change, policy, by, yes)).map(({ by }) => by)

/** The votes that count: of this digest, by people the policy allows, one each. */
function validVotes(change: Change, policy: Policy): Vote[] {
  const seen = new Set<string>()
  return change.votes.filter((vote) => {
    const counts =
      vote.digest === change.digest &&
      !whyNot(change, policy, vote.by, vote.yes) &&
      !seen.has(`${vote.by.id} ${vote.yes}`)
    seen.add(`${vote.by.id} ${vote.yes}`)
    return counts
  })
}

/** Why this person's vote does not count; undefined when it does. The requester may always say no. */
function whyNot(change: Change, policy: Policy, by: Actor, yes: boolean): string | undefined {
  if (by.bot) return 'Bots do not approve.'
  if (!yes && by.id === change.requestedBy.id) return undefined
  const no = lacks(policy, by, 'approver')
  if (no) return `${no.refused}. ${no.hint}`
  if (yes && by.id === change.requestedBy.id && !policy.selfApproval) {
    return 'You asked for this change, and the policy wants another person to approve it.'
  }
  return undefined
}
