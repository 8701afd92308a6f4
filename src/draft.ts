import type { Forecast, Wanted } from './boot/chain.ts'
import { chainOf } from './boot/chains.ts'
import { givesUpIsolation } from './bootconfig/allowed-arguments.ts'
import { differenceOf } from './bootconfig/kernel-line.ts'
import { runningGuests } from './changes/gates.ts'
import type { Plan } from './changes/plan.ts'
import { iommuActive } from './diagnosis/iommu.ts'
import { risksOfPlatform, switchesIommuOn } from './diagnosis/platform.ts'
import { isRefusal, type Refusal } from './errors.ts'
import type { Facts } from './facts/facts.ts'

/** What a plan is for. */
interface Purpose extends Pick<Plan, 'node' | 'cause' | 'target' | 'remedy' | 'undoes'> {
  readonly devices: readonly string[]
}

/** What it wants of the boot files, and what may go wrong by it. `risk`: at least; the words that come of it may make it 2. */
interface Aim extends Pick<Plan, 'title' | 'risk'> {
  readonly wanted: Wanted
  readonly risks: readonly string[]
}

/** Makes the plan as this node's boot chain foresees it; refused where the chain is not known, or nothing would change. */
export function draft(purpose: Purpose, { title, wanted, risk, risks }: Aim, facts: Facts): Plan | Refusal {
  const chain = chainOf(facts)
  if (!chain)
    return {
      refused: 'how this node boots is not known for sure, or is not a boot chain that lanekeeper can plan for yet',
    }
  const forecast = chain.forecast(facts, wanted)
  if (isRefusal(forecast)) return forecast
  const args = differenceOf(forecast.now, forecast.kept)
  if (args.add.length + args.remove.length === 0)
    return { refused: 'the running kernel line already is what the boot files give' }
  const unsafe = args.add.filter(givesUpIsolation)
  return {
    ...purpose,
    devices: [...purpose.devices],
    title,
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
    risk: unsafe.length > 0 ? 2 : risk,
    risks: [...risksOf(forecast, facts), ...(risk === 2 ? [] : lossesBy(unsafe)), ...risks],
    goesDown: [...runningGuests(facts)],
  }
}

function risksOf(forecast: Forecast, facts: Facts): string[] {
  const alone = isRefusal(forecast.trial) ? [`This node cannot revert by itself: ${forecast.trial.refused}.`] : []
  const other =
    facts.uname && facts.uname !== forecast.kernel
      ? [`Kernel ${forecast.kernel} will boot; ${facts.uname} runs now.`]
      : []
  const risky = switchesIommuOn(forecast.now, forecast.kept) && iommuActive(facts) !== true
  return [...alone, ...other, ...(risky ? risksOfPlatform(facts) : [])]
}

const lossesBy = (words: readonly string[]): string[] =>
  words.length > 0 ? [`It gives up isolation (${words.join(' ')}): only for guests you trust as much as the host.`] : []
