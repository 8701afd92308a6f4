import type { FileEdit, Forecast, Wanted } from './boot/chain.ts'
import { chainOf } from './boot/chains.ts'
import { givesUpIsolation } from './bootconfig/allowed-arguments.ts'
import { differenceOf } from './bootconfig/kernel-line.ts'
import { modulesMissing, runningGuests, staysOff, takesAtBoot } from './changes/blast-radius.ts'
import { type JobOrder, jobOf } from './changes/job.ts'
import type { Plan } from './changes/plan.ts'
import { iommuActive } from './diagnosis/iommu.ts'
import { risksOfPlatform, switchesIommuOn } from './diagnosis/platform.ts'
import { isRefusal, type Refusal } from './errors.ts'
import type { Facts } from './facts/facts.ts'
import { jobs } from './jobs/index.ts'

/** What a plan is for. */
interface Purpose extends Pick<Plan, 'node' | 'cause' | 'target' | 'remedy' | 'undoes'> {
  readonly devices: readonly string[]
}

/** What is done besides the boot files, and what may go wrong by it. `risk`: at least; the words that come of it may make it 2. */
interface Repair extends Pick<Plan, 'title' | 'risk'> {
  readonly files?: readonly FileEdit[] | undefined
  readonly jobs?: readonly JobOrder[] | undefined
  readonly risks: readonly string[]
}

/** The same, and what it wants of the boot files. */
interface Aim extends Repair {
  readonly wanted: Wanted
}

/** Makes the plan as this node's boot chain foresees it; refused where the chain is not known, or nothing would change. */
export function draft(purpose: Purpose, { wanted, ...repair }: Aim, facts: Facts): Plan | Refusal {
  const { title, risk, risks, files = [], jobs: work = [] } = repair
  const chain = chainOf(facts)
  if (!chain)
    return {
      refused: 'how this node boots is not known for sure, or is not a boot chain that lanekeeper can plan for yet',
    }
  const forecast = chain.forecast(facts, wanted)
  if (isRefusal(forecast)) return forecast
  if (wanted.kernel !== undefined && forecast.kernel !== wanted.kernel)
    return { refused: `on this boot chain kernel ${wanted.kernel} cannot be tried yet` }
  if (work.some((order) => jobOf(jobs, order).tries) && !chain.triesInitramfs)
    return { refused: 'on this boot chain no other initramfs can be tried yet' }
  const args = differenceOf(forecast.now, forecast.kept)
  if (args.add.length + args.remove.length + files.length + work.length === 0)
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
    edits: [...forecast.edits, ...files],
    jobs: [...work],
    commands: [...commandsOf(work), ...forecast.commands],
    commandsBack: [...commandsBack(work), ...forecast.commands],
    chain: chain.id,
    trial: isRefusal(forecast.trial) ? null : forecast.trial,
    reboot: true,
    revert: isRefusal(forecast.trial) ? 'none' : 'proven',
    risk: unsafe.length > 0 ? 2 : risk,
    risks: [...risksOf(forecast, facts), ...(risk === 2 ? [] : lossesBy(unsafe)), ...risks],
    goesDown: [...runningGuests(facts)],
    staysOff: staysOff(facts),
    takesAtBoot: takesAtBoot(facts),
  }
}

/** Makes the plan of a repair that no boot has to try: it is done without a reboot, and can be taken back. */
export function draftInPlace(purpose: Purpose, repair: Repair, facts: Facts): Plan | Refusal {
  const { title, risk, risks, files = [], jobs: work = [] } = repair
  if (files.length + work.length === 0) return { refused: 'nothing would change' }
  const words = facts.cmdline?.words ?? []
  return {
    ...purpose,
    devices: [...purpose.devices],
    title,
    args: { add: [], remove: [] },
    line: { now: [...words], kept: [...words] },
    kernel: facts.uname ?? 'unknown',
    bootId: facts['boot-id'] ?? null,
    edits: [...files],
    jobs: [...work],
    commands: commandsOf(work),
    commandsBack: commandsBack(work),
    chain: chainOf(facts)?.id ?? 'unknown',
    trial: null,
    reboot: false,
    revert: 'undo',
    risk,
    risks: [...risks],
    goesDown: [],
    staysOff: [],
    takesAtBoot: [],
  }
}

const commandsOf = (work: readonly JobOrder[]): string[] => work.map((order) => jobOf(jobs, order).command(order.with))

const commandsBack = (work: readonly JobOrder[]): string[] =>
  work.toReversed().flatMap((order) => jobOf(jobs, order).backCommand(order.with) ?? [])

function risksOf(forecast: Forecast, facts: Facts): string[] {
  const alone = isRefusal(forecast.trial) ? [`This node cannot revert by itself: ${forecast.trial.refused}.`] : []
  const other =
    facts.uname && facts.uname !== forecast.kernel
      ? [`Kernel ${forecast.kernel} will boot; ${facts.uname} runs now.`]
      : []
  const modules = modulesMissing(facts, forecast.kernel)
  const unbuilt =
    modules.length > 0
      ? [`${modules.join(', ')} (DKMS) is not built for kernel ${forecast.kernel}: what needs it will not work there.`]
      : []
  const risky = switchesIommuOn(forecast.now, forecast.kept) && iommuActive(facts) !== true
  return [...alone, ...other, ...unbuilt, ...(risky ? risksOfPlatform(facts) : [])]
}

const lossesBy = (words: readonly string[]): string[] =>
  words.length > 0 ? [`It gives up isolation (${words.join(' ')}): only for guests you trust as much as the host.`] : []
