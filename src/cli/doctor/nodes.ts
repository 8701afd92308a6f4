import pLimit from 'p-limit'
import { amiss, type Check, failure, well } from '../../../adapters/check.ts'
import type { NodeInfo } from '../../core.ts'
import { collect } from '../../facts/collect.ts'
import { learn } from '../../facts/learn.ts'
import { clock } from '../../facts/probes/clock.ts'
import { userId } from '../../facts/probes/user-id.ts'
import { probes } from '../../facts/probes.ts'
import type { Transport } from '../../ssh/transport.ts'
import { checkClock } from './clock.ts'

const AT_ONCE = 4

interface WaysToNodes {
  readonly transport: Transport
  /** The way that changes take, where it is another. */
  readonly acting?: Transport
  readonly nodes: readonly NodeInfo[]
}

/** Every node, a few at a time: the way there, the rights there, what could be read, the clock. Never throws. */
export async function checkNodes(
  { transport, acting = transport, nodes }: WaysToNodes,
  now: () => Date,
): Promise<Check[]> {
  if (nodes.length === 0) return [amiss('there is no node', 'name one under nodes: in the configuration')]
  const limit = pLimit(AT_ONCE)
  const checks = await Promise.all(
    nodes.map((node) =>
      limit(async () => [
        ...(await checkNode(transport, node, now)),
        ...(acting === transport ? [] : [await checkActing(acting, node)]),
      ]),
    ),
  )
  return checks.flat()
}

async function checkNode(
  transport: Transport,
  { name, about, simulated }: NodeInfo,
  now: () => Date,
): Promise<Check[]> {
  try {
    const capture = await collect(transport, name, { now, probes: [...probes, userId] })
    const before = now().getTime()
    const { facts } = learn(await collect(transport, name, { now, probes: [clock] }))
    const span = { before, after: now().getTime() }
    const where = simulated ? 'simulated' : about
    return [
      well(`${name} (${where}): reached, its host key is the pinned one, the login is taken`),
      checkRights(name, userId.parse(capture.probes[userId.name]?.text ?? '')),
      checkMissing(name, learn(capture).missing),
      checkClock(name, facts.clock?.system ?? null, span),
    ]
  } catch (error) {
    return [failure(error)]
  }
}

/** The changing key, by a script that only asks who it is. */
async function checkActing(acting: Transport, { name }: NodeInfo): Promise<Check> {
  try {
    const { stdout, code } = await acting.run(name, 'id -u\n', { timeoutMs: 20_000, maxBytes: 64 * 1024, fresh: true })
    if (code === 0 && stdout.toString().trim() === '0') return well(`${name}: the key for changes is let in, as root`)
    const hint = `lanekeeper grant ${name} makes the two keys, and a script that lets them in`
    return amiss(`${name}: the key for changes cannot act there (exit status ${code})`, hint)
  } catch (error) {
    return failure(error)
  }
}

/** Sudo that refuses has been told before, by the transport. */
function checkRights(name: string, uid: number | null): Check {
  if (uid === 0) return well(`${name}: scripts run there as root`)
  const says =
    uid === null ? 'as whom scripts run there could not be told' : `scripts run there as user ${uid}, not as root`
  const hint =
    'log in as root; or sudo: true for that node, and in /etc/sudoers.d/lanekeeper there: <user> ALL=(root) NOPASSWD: /usr/bin/sh'
  return amiss(`${name}: ${says}`, hint)
}

function checkMissing(name: string, missing: Readonly<Record<string, string>>): Check {
  const silent = Object.entries(missing)
  if (silent.length === 0) return well(`${name}: all ${probes.length} probes could look`)
  const why = silent.map(([probe, because]) => `${probe} (${because})`).join(', ')
  const hint = `what rests on them stays unknown; \`lanekeeper record ${name}\` keeps what they printed`
  return amiss(`${name}: ${silent.length} of ${probes.length} probes told nothing: ${why}`, hint)
}
