import type { Forecast } from './boot/chain.ts'
import { chainOf } from './boot/chains.ts'
import { differenceOf } from './bootconfig/kernel-line.ts'
import { runningGuests } from './changes/gates.ts'
import type { Plan } from './changes/plan.ts'
import type { Ailment, Wish } from './changes/remedy.ts'
import type { Diagnosis } from './core.ts'
import type { Report, Result } from './diagnosis/report.ts'
import { targetText } from './diagnosis/target.ts'
import { isRefusal, type Refusal } from './errors.ts'
import type { Facts } from './facts/facts.ts'
import { remedies } from './remedies/index.ts'

/** From a report to what the bot proposes for its cause: a plan, or why there is none; and what could be had besides. */
export function prescribe(report: Report, facts: Facts): Diagnosis {
  const cause = report.results.find((result) => result.rule.id === report.verdict.cause)
  const offers = report.results.flatMap((result) => offerOf(result, facts))
  if (cause?.status !== 'found') return { report, plan: null, noPlanBecause: 'there is nothing to cure', offers }
  if (cause.remedies.length === 0) return { report, plan: null, noPlanBecause: cause.rule.fix, offers }
  const tried = cause.remedies.map((id) => planOf(id, ailmentOf(cause), report, facts))
  const plan = tried.find((one) => !isRefusal(one))
  if (plan && !isRefusal(plan)) return { report, plan, noPlanBecause: null, offers }
  const reasons = tried.flatMap((one) => (isRefusal(one) ? [one.refused + (one.hint ? ` (${one.hint})` : '')] : []))
  return { report, plan: null, noPlanBecause: reasons.join('; '), offers }
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

function planOf(id: string, ailment: Ailment, report: Report, facts: Facts): Plan | Refusal {
  const remedy = remedies.find((one) => one.id === id)
  if (!remedy) return { refused: `there is no remedy ${id} yet` }
  const wish = remedy.wish(facts, ailment)
  if (isRefusal(wish)) return wish
  const chain = chainOf(facts)
  if (!chain)
    return {
      refused: 'how this node boots is not known for sure, or is not a boot chain that lanekeeper can change yet',
    }
  const forecast = chain.forecast(facts, wish.args)
  if (isRefusal(forecast)) return forecast
  const args = differenceOf(forecast.now, forecast.kept)
  if (args.add.length + args.remove.length === 0)
    return { refused: 'the running kernel line already is what the boot files give' }
  return {
    node: report.node,
    cause: ailment.cause,
    target: report.target && targetText(report.target),
    remedy: id,
    title: wish.title,
    args: { add: [...args.add], remove: [...args.remove] },
    line: { now: [...forecast.now], kept: [...forecast.kept] },
    kernel: forecast.kernel,
    bootId: facts['boot-id'] ?? null,
    edits: [...forecast.edits],
    commands: [...forecast.commands],
    chain: chain.id,
    trial: isRefusal(forecast.trial) ? null : forecast.trial,
    reboot: true,
    revert: isRefusal(forecast.trial) ? 'none' : 'proven',
    risk: wish.risk,
    risks: risksOf(wish, forecast, facts),
    goesDown: [...runningGuests(facts)],
    devices: [...ailment.devices],
  }
}

function risksOf(wish: Wish, forecast: Forecast, facts: Facts): string[] {
  const other =
    facts.uname && facts.uname !== forecast.kernel
      ? [`Kernel ${forecast.kernel} will boot; ${facts.uname} runs now.`]
      : []
  const alone = isRefusal(forecast.trial) ? [`This node cannot revert by itself: ${forecast.trial.refused}.`] : []
  return [...alone, ...other, ...wish.risks]
}

/** What a notice would have as a remedy: said, never planned. */
function offerOf(result: Result, facts: Facts): string[] {
  if (result.status !== 'found' || result.severity !== 'notice') return []
  return result.remedies.flatMap((id) => {
    const wish = remedies.find((one) => one.id === id)?.wish(facts, ailmentOf(result))
    if (!wish || isRefusal(wish)) return []
    const words = [...wish.args.remove.map((word) => `-${word}`), ...wish.args.add.map((word) => `+${word}`)].join(' ')
    return [`${wish.title}${words && ` (${words})`}`]
  })
}
