import type { Policy } from '../changes/policy.ts'
import { didYouMean } from '../chat/nearest.ts'
import type { ConfigFile } from './config-file.ts'

/** Settings that are well-formed but mean that nothing could ever be approved, or kept. */
export function policyProblems(policy: Policy, people: readonly string[], yaml: ConfigFile): string[] {
  const strangers = policy.approvers.flatMap((id, index) => {
    if (!/^(console|slack|discord):./.test(id)) {
      return [
        yaml.at(
          ['policy', 'approvers', index],
          `"${id}" is nobody: expected an id like console:bob or slack:U0123456789`,
        ),
      ]
    }
    const person = /^console:(.*)$/.exec(id)?.[1]
    if (person === undefined || people.includes(person)) return []
    const hint = didYouMean(person, people) ?? `the people are ${people.join(', ')}`
    return [yaml.at(['policy', 'approvers', index], `nobody under console.people is called "${person}"; ${hint}`)]
  })
  const approvers = new Set(policy.approvers).size
  const short = policy.quorum > approvers
  const says = `${policy.quorum} approvals are wanted, but only ${approvers} may approve: nothing could ever be approved`
  const early = policy.guardDeadline <= policy.settle + policy.stability
  const hasty = `the guard would go back after ${policy.guardDeadline} s, before a trial can have been checked (settle ${policy.settle} s + stability ${policy.stability} s)`
  return [
    ...strangers,
    ...(short ? [yaml.at(['policy', 'quorum'], says)] : []),
    ...(early ? [yaml.at(['policy', 'guardDeadline'], hasty)] : []),
  ]
}
