import { type Act, type ActAnswers, ActFailed, act, anew, compileActs, readAnswers } from '../boot/act-script.ts'
import type { BootChain, TrialOrder } from '../boot/chain.ts'
import { goneEsps } from '../boot/gone-esps.ts'
import { armedNote, keptIn } from '../boot/kept.ts'
import { splitWords } from '../bootconfig/kernel-line.ts'
import { isRefusal } from '../errors.ts'
import type { Transport } from '../ssh/transport.ts'
import type { Change } from './change.ts'
import { type InPlaceActs, inPlaceActs } from './in-place.ts'
import { compileJobs, type Job } from './job.ts'
import type { Policy } from './policy.ts'
import type { Hands } from './ports.ts'

/** Milliseconds for one script of acts; src/boot/acts/ gives each of the tools five minutes, and no script needs more than three that are slow. */
const LIMITS = { timeoutMs: 1_000_000, maxBytes: 8 * 1024 * 1024 }
/** Milliseconds for the question whether a node is there at all. */
const KNOCK = { timeoutMs: 20_000, maxBytes: 64 * 1024, fresh: true }

export interface HandsParts {
  readonly transport: Transport
  /** Those that have acts. */
  readonly chains: readonly BootChain[]
  readonly jobs: readonly Job[]
  readonly policy: () => Policy
}

/** The acts on a node, over SSH: what a boot chain and the jobs plan, run as one script each. */
export function createHands({ transport, chains, jobs, policy }: HandsParts): Hands {
  const run = async (
    change: Change,
    acts: readonly Act[],
    limits: { timeoutMs: number; maxBytes: number; fresh?: boolean } = LIMITS,
  ) => readAnswers(await transport.run(change.plan.node, compileActs(acts), limits), change.plan.node)

  const chainFor = (change: Change): BootChain => {
    const chain = chains.find(({ id }) => id === change.plan.chain)
    if (!chain) {
      const why = `lanekeeper carries nothing out on nodes of the boot chain "${change.plan.chain}": this version has no acts for it`
      throw new ActFailed('no-chain', why)
    }
    return chain
  }
  const workOf = ({ id, plan: { jobs: orders, edits } }: Change) =>
    compileJobs(jobs, orders, { change: id, kept: keptIn(id), edits })
  const bootOf = ({ plan }: Change): string => {
    if (plan.bootId === null) throw new ActFailed('no-boot', 'the plan does not say which boot it was made in')
    return plan.bootId
  }
  const orderOf = (change: Change): TrialOrder => {
    const { id, plan } = change
    if (!plan.trial) throw new ActFailed('no-trial', 'no way is known in which this node would go back by itself')
    const { line, kernel, edits, trial } = plan
    return {
      changeId: id,
      bootId: bootOf(change),
      kept: line.kept,
      kernel,
      edits,
      work: workOf(change),
      trial,
      guardDeadline: policy().guardDeadline,
    }
  }
  const inPlace = (change: Change): InPlaceActs => inPlaceActs(change, bootOf(change), workOf(change))
  const seen = (change: Change): Promise<ActAnswers> => run(change, chainFor(change).look)

  return {
    async arm(change) {
      if (!change.plan.reboot) return void (await run(change, [act('alone'), ...inPlace(change).prepare]))
      const acts = chainFor(change).arm(orderOf(change), await seen(change))
      if (isRefusal(acts)) throw new ActFailed('refused', [acts.refused, acts.hint].filter(Boolean).join('; '))
      const armed = anew(armedNote(change.id), '644', 'armed\n')
      await run(change, [act('alone'), act('same_boot', bootOf(change)), ...workOf(change).prepare, ...acts, armed])
    },
    async mend(change) {
      const wrong = goneEsps(await run(change, [act('alone'), ...inPlace(change).perform]))
      if (wrong.length > 0) throw new ActFailed('unkept', wrong.join('; '))
    },
    async restart(change, bootId) {
      const intoTrial = change.state === 'rebooting' ? [act('expect_armed', armedNote(change.id))] : []
      await run(change, [act('alone'), ...intoTrial, act('restart', bootId)])
    },
    async boot(change) {
      const { said } = await run(change, [act('tell_boot')], KNOCK)
      return { id: said.get('boot') ?? '', words: splitWords(said.get('line') ?? '') }
    },
    async keep(change, trialBootId) {
      const chain = chainFor(change)
      const order = orderOf(change)
      const answers = await run(change, [act('alone'), ...chain.keep(order, trialBootId)], { ...LIMITS, fresh: true })
      const wrong = chain.unkept(order, answers)
      if (wrong.length > 0) throw new ActFailed('unkept', wrong.join('; '))
    },
    async takeBack(change, files) {
      const acts = change.plan.reboot
        ? chainFor(change).takeBack(orderOf(change), await seen(change), files)
        : inPlace(change).takeBack
      return (await run(change, [act('alone'), ...acts])).left
    },
    async standDown(change) {
      if (!change.plan.reboot) return []
      const acts = chainFor(change).standDown(orderOf(change), await seen(change))
      const { gone, left } = await run(change, [act('alone'), act('disarmed', armedNote(change.id)), ...acts])
      return [
        ...[...new Set(gone)].map((why) => `${why}, so what the trial left there is still on it`),
        ...left.map((path) => `${path} could not be removed`),
      ]
    },
  }
}
