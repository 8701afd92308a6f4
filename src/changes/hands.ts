import { type Act, type ActAnswers, ActFailed, act, compileActs, readAnswers } from '../boot/act-script.ts'
import type { BootChain, TrialOrder } from '../boot/chain.ts'
import { splitWords } from '../bootconfig/kernel-line.ts'
import { isRefusal } from '../errors.ts'
import type { Transport } from '../ssh/transport.ts'
import type { Change } from './change.ts'
import type { Policy } from './policy.ts'
import type { Hands } from './ports.ts'

/** Milliseconds for one script of acts; update-grub on a slow node is the longest part. */
const LIMITS = { timeoutMs: 360_000, maxBytes: 8 * 1024 * 1024 }
/** Milliseconds for the question whether a node is there at all. */
const KNOCK = { timeoutMs: 20_000, maxBytes: 64 * 1024, fresh: true }

/** The acts on a node, over SSH: what a boot chain plans, run as one script each. `chains`: those that have acts. */
export function createHands(transport: Transport, chains: readonly BootChain[], policy: () => Policy): Hands {
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
  const orderOf = ({ id, plan }: Change): TrialOrder => {
    if (!plan.trial || !plan.bootId)
      throw new ActFailed('no-trial', 'no way is known in which this node would go back by itself')
    const { bootId, line, kernel, edits, commands, trial } = plan
    return {
      changeId: id,
      bootId,
      kept: line.kept,
      kernel,
      edits,
      commands,
      trial,
      guardDeadline: policy().guardDeadline,
    }
  }
  const seen = (change: Change): Promise<ActAnswers> => run(change, chainFor(change).look)

  return {
    async arm(change) {
      const acts = chainFor(change).arm(orderOf(change), await seen(change))
      if (isRefusal(acts)) throw new ActFailed('refused', acts.refused)
      await run(change, [act('alone'), ...acts])
    },
    async restart(change, bootId) {
      await run(change, [act('alone'), act('restart', bootId)])
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
      await run(change, [act('alone'), ...chainFor(change).takeBack(orderOf(change), await seen(change), files)])
    },
    async standDown(change) {
      await run(change, [act('alone'), ...chainFor(change).standDown(orderOf(change), await seen(change))])
    },
  }
}
