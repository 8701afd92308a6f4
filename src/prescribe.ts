import { inverse, isBootFile } from './boot/file-edit.ts'
import type { Change } from './changes/change.ts'
import { jobOf } from './changes/job.ts'
import type { Plan } from './changes/plan.ts'
import type { Ailment } from './changes/remedy.ts'
import type { Diagnosis, Offer } from './core.ts'
import type { Report, Result } from './diagnosis/report.ts'
import { targetText } from './diagnosis/target.ts'
import { draft, draftInPlace } from './draft.ts'
import { isRefusal, type Refusal } from './errors.ts'
import type { Facts } from './facts/facts.ts'
import { jobs } from './jobs/index.ts'
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
  const work = plan.jobs.toReversed().flatMap((order) => jobOf(jobs, order).inverse(order.with) ?? [])
  if (plan.edits.length + work.length === 0)
    return { refused: `change ${id} left nothing behind that could be given back` }
  const { node, cause, target, devices } = plan
  const purpose = { node, cause, target, devices, remedy: takeBack.id, undoes: id }
  const kernel = work.map((order) => jobOf(jobs, order).boots(order.with)).find((release) => release !== null)
  const repair = {
    title: `Take change ${id} back (${plan.title})`,
    // The chain itself gives the files back that it boots from; where nothing is booted, they are files like any other.
    files: plan.edits.filter(({ path }) => !(plan.reboot && isBootFile(path))).map(inverse),
    jobs: work,
    risk: 1 as const,
    risks: [`What change ${id} cured comes back: ${cause}.`],
  }
  return plan.reboot
    ? draft(
        purpose,
        { ...repair, wanted: { restore: plan.edits.filter(({ path }) => isBootFile(path)), kernel } },
        facts,
      )
    : draftInPlace(purpose, repair, facts)
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
  ...(found.guests && { guests: found.guests }),
  ...(found.kernel && { kernel: found.kernel }),
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
  const purpose = { node: report.node, cause, target, remedy: id, devices, undoes: null }
  const plan = wish.inPlace
    ? draftInPlace(purpose, wish, facts)
    : draft(purpose, { ...wish, wanted: { args: wish.args, kernel: wish.kernel } }, facts)
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
