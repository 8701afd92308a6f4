import type { Change } from './changes/change.ts'
import type { Plan } from './changes/plan.ts'
import type { Ailment } from './changes/remedy.ts'
import type { Diagnosis, Offer } from './core.ts'
import type { Report, Result } from './diagnosis/report.ts'
import { targetText } from './diagnosis/target.ts'
import { draft } from './draft.ts'
import { isRefusal, type Refusal } from './errors.ts'
import type { Facts } from './facts/facts.ts'
import { remedies } from './remedies/index.ts'
import { takeBack } from './remedies/take-back.ts'

type Prescription = Pick<Diagnosis, 'report' | 'plan' | 'noPlanBecause' | 'offers'>

/** From a report to what the bot proposes for a finding (a rule id), or for the cause: a plan, or why there is none; and what could be had besides. */
export function prescribe(report: Report, facts: Facts, finding: string | null = null): Prescription {
  const wanted = finding ?? report.verdict.cause
  const offers = report.results.flatMap((result) => offerOf(result, facts))
  const besides = offers.filter((offer) => offer.finding !== wanted)
  const answer = (plan: Plan | null, noPlanBecause: string | null) => ({
    ...{ report, plan, noPlanBecause },
    offers: plan ? besides : offers,
  })
  const result = report.results.find(({ rule }) => rule.id === wanted)
  if (result?.status !== 'found') {
    return answer(null, finding === null ? 'there is nothing to cure' : whyNothingToCure(finding, result))
  }
  if (result.remedies.length === 0) return answer(null, result.rule.fix)
  const tried = result.remedies.map((id) => planOf(id, ailmentOf(result), report, facts))
  const cure = tried.find((one) => !isRefusal(one))
  if (cure && !isRefusal(cure)) {
    // What the boot files hold already somebody has asked for: only a cure that is risky by itself waits to be asked for.
    const unasked = finding === null && cure.risk === 2 && result.severity !== 'blocker'
    return unasked
      ? answer(null, `nothing has failed for it yet, and the cure is a risky one. ${result.rule.fix}`)
      : answer(cure.plan, null)
  }
  const reasons = tried.flatMap((one) => (isRefusal(one) ? [one.refused + (one.hint ? ` (${one.hint})` : '')] : []))
  return answer(null, reasons.join('; '))
}

const whyNothingToCure = (finding: string, result: Result | undefined): string => {
  if (result?.status === 'muted') return `${finding} follows from ${result.by}: cure that first`
  return result?.status === 'ok' ? `${finding} is not found there` : `whether there is ${finding} could not be seen`
}

/** Only what was kept can be taken back. */
export const notInForce = (id: string): Refusal => ({
  refused: `change ${id} is not in force, so there is nothing to take back`,
})

/** The plan that takes a kept change back: the old bytes of its files, tried like any other. Refused where somebody has edited them since. */
export function undoPlan(change: Change, facts: Facts): Plan | Refusal {
  const { plan, id } = change
  if (change.state !== 'closed' || change.outcome !== 'done') {
    return notInForce(id)
  }
  if (plan.edits.length === 0) return { refused: `change ${id} edited no file, so there is nothing to give back` }
  return draft(
    { node: plan.node, cause: plan.cause, target: plan.target, remedy: takeBack.id, devices: plan.devices, undoes: id },
    {
      title: `Take change ${id} back (${plan.title})`,
      wanted: { restore: plan.edits },
      risk: 1,
      risks: [`What change ${id} cured comes back: ${plan.cause}.`],
    },
    facts,
  )
}

/** What the remedy of a plan still finds uncured on the node. */
export function uncured(plan: Plan, facts: Facts): readonly string[] {
  const remedy = remedies.find(({ id }) => id === plan.remedy)
  return remedy ? remedy.uncured(facts, plan) : [`the remedy ${plan.remedy} is not known to this version of lanekeeper`]
}

const ailmentOf = (found: Extract<Result, { status: 'found' }>): Ailment => ({
  cause: found.rule.id,
  devices: found.devices,
  ...(found.suggests && { suggests: found.suggests }),
})

/** The plan of one remedy, and the risk that the remedy itself sees in it. */
function planOf(
  id: string,
  ailment: Ailment,
  report: Report,
  facts: Facts,
): { readonly plan: Plan; readonly risk: Plan['risk'] } | Refusal {
  const remedy = remedies.find((one) => one.id === id)
  if (!remedy) return { refused: `there is no remedy ${id} yet` }
  const wish = remedy.wish(facts, ailment)
  if (isRefusal(wish)) return wish
  const { cause, devices } = ailment
  const target = report.target && targetText(report.target)
  const plan = draft(
    { node: report.node, cause, target, remedy: id, devices, undoes: null },
    { ...wish, wanted: wish },
    facts,
  )
  return isRefusal(plan) ? plan : { plan, risk: wish.risk }
}

/** What a finding that is not the cause would have as a remedy: said, and planned where `/pcie fix` asks for it. */
function offerOf(result: Result, facts: Facts): Offer[] {
  if (result.status !== 'found') return []
  return result.remedies.flatMap((id) => {
    const wish = remedies.find((one) => one.id === id)?.wish(facts, ailmentOf(result))
    if (!wish || isRefusal(wish)) return []
    const words = [...wish.args.remove.map((word) => `-${word}`), ...wish.args.add.map((word) => `+${word}`)].join(' ')
    return [{ finding: result.rule.id, says: `${wish.title}${words && ` (${words})`}` }]
  })
}
