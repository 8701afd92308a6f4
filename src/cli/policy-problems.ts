import type { Policy } from '../changes/policy.ts'
import { didYouMean } from '../chat/nearest.ts'
import type { ConfigFile } from './config-file.ts'

const LISTS = ['approvers', 'operators', 'viewers', 'calls'] as const
const FORMS = [
  /^console:(?!group:|role:)./,
  /^slack:(group:S[A-Z0-9]+|[UW][A-Z0-9]+)$/,
  /^discord:(role:)?\d{5,}$/,
  /^web:[A-Za-z0-9][\w.-]*$/,
]
const EXPECTED =
  'expected an id: console:<name>, slack:<U…>, slack:group:<S…>, discord:<user id>, discord:role:<role id> or web:<name>; names are not ids'

/** Settings that are well-formed but mean that nothing could ever be approved, or kept. */
export function policyProblems(
  policy: Policy,
  { console: people, web }: { readonly console: readonly string[]; readonly web: readonly string[] },
  yaml: ConfigFile,
): string[] {
  const strangers = LISTS.flatMap((list) =>
    (policy[list] ?? []).flatMap((id, index) => {
      const at = ['policy', list, index]
      if (!FORMS.some((form) => form.test(id))) return [yaml.at(at, `"${id}" is nobody: ${EXPECTED}`)]
      const [, chat, person] = /^(console|web):(.*)$/.exec(id) ?? []
      const there = chat === 'web' ? web : people
      if (person === undefined || there.includes(person)) return []
      const hint = didYouMean(person, there) ?? `the people are ${there.join(', ') || 'none'}`
      return [yaml.at(at, `nobody under ${chat}.people is called "${person}"; ${hint}`)]
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
