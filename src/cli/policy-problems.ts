import type { Policy } from '../changes/policy.ts'
import { didYouMean } from '../chat/nearest.ts'
import type { ConfigFile } from './config-file.ts'

const LISTS = ['approvers', 'operators', 'viewers', 'calls'] as const
const FORMS = [/^console:(?!group:|role:)./, /^slack:(group:S[A-Z0-9]+|[UW][A-Z0-9]+)$/, /^discord:(role:)?\d{5,}$/]
const EXPECTED =
  'expected an id: console:<name>, slack:<U…>, slack:group:<S…>, discord:<user id> or discord:role:<role id>; names are not ids'

/** Settings that are well-formed but mean that nothing could ever be approved, or kept. */
export function policyProblems(policy: Policy, people: readonly string[], yaml: ConfigFile): string[] {
  const strangers = LISTS.flatMap((list) =>
    (policy[list] ?? []).flatMap((id, index) => {
      const at = ['policy', list, index]
      if (!FORMS.some((form) => form.test(id))) return [yaml.at(at, `"${id}" is nobody: ${EXPECTED}`)]
      const person = /^console:(.*)$/.exec(id)?.[1]
      if (person === undefined || people.includes(person)) return []
      const hint = didYouMean(person, people) ?? `the people are ${people.join(', ')}`
      return [yaml.at(at, `nobody under console.people is called "${person}"; ${hint}`)]
    }),
  )
  const approvers = new Set(policy.approvers)
  const groups = [...approvers].some((id) => /^(slack:group|discord:role):/.test(id))
  const short = !groups && policy.quorum > approvers.size
  const says = `${policy.quorum} approvals are wanted, but only ${approvers.size} may approve: nothing could ever be approved`
  const early = policy.guardDeadline <= policy.settle + policy.stability
  const hasty = `the guard would go back after ${policy.guardDeadline} s, before a trial can have been checked (settle ${policy.settle} s + stability ${policy.stability} s)`
  return [
    ...strangers,
    ...(short ? [yaml.at(['policy', 'quorum'], says)] : []),
    ...(early ? [yaml.at(['policy', 'guardDeadline'], hasty)] : []),
  ]
}
