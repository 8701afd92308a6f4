import type { Policy } from '../../src/changes/policy.ts'
import { createEngine, type EngineParts } from '../../src/engine.ts'
import { isRefusal } from '../../src/errors.ts'
import type { Scenario } from '../../src/simulator/scenario.ts'
import { scenarios } from '../../src/simulator/scenario.ts'
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts'
import { createSshTransport } from '../../src/ssh/ssh-transport.ts'
import { actor, policy } from '../changes/a-change.ts'
import { quietParts, storesIn } from './quiet-parts.ts'
import { dataFolder } from './room.ts'

/** A simulated node, those beside it, and a data folder, on which one engine after another can be started. */
export interface Bench {
  readonly node: Simulator['nodes'][number]['node']
  /** All of them, the first included. */
  readonly nodes: readonly Simulator['nodes'][number]['node'][]
  /** What was told to people: the rescue texts, and every state a change came to. */
  readonly told: string[]
  /** The way to the nodes, for whoever follows them. */
  readonly transport: ReturnType<typeof createSshTransport>
  /** Connections to the first node that are open now. */
  connections(): number
  stores(): Promise<Pick<EngineParts, 'store' | 'closed'>>
  engine(given?: Partial<EngineParts>): Promise<ReturnType<typeof createEngine>>
  close(): Promise<void>
}

/** Ten milliseconds are a second on these nodes. */
const PACE = { boot: 40, second: 10 }
export const quick: Partial<Policy> = { stability: 0.05, settle: 0.3, guardDeadline: 2000, rebootDeadline: 60 }

/** Sets up the node of a scenario, by its name in the demo, with whatever differs; and others beside it. */
export async function setUp(
  name: string,
  differs: Partial<Scenario> = {},
  rules: Partial<Policy> = {},
  beside: readonly Scenario[] = [],
): Promise<Bench> {
  const data = dataFolder()
  const scenario = scenarios.find(({ node }) => node === name)
  if (!scenario) throw new Error(`no scenario ${name}`)
  const simulator = await startSimulator(data.path, {
    played: [{ ...scenario, ...differs }, ...beside],
    pace: PACE,
  })
  const [one] = simulator.nodes
  if (!one) throw new Error('nothing is simulated')
  const { node } = one
  const hostKeys = new Map(simulator.nodes.map(({ scenario, server }) => [scenario.node, server.hostKey]))
  const transport = createSshTransport({
    nodes: Object.fromEntries(
      simulator.nodes.map(({ scenario, server: { port } }) => [
        scenario.node,
        { host: '127.0.0.1', port, user: 'root', keyFile: simulator.keyFile, sudo: false },
      ]),
    ),
    hostKeys: { get: async (one) => hostKeys.get(one) ?? null, pin: async () => undefined },
  })
  const told: string[] = []
  const stores = () => storesIn(data.path)
  return {
    node,
    nodes: simulator.nodes.map((each) => each.node),
    told,
    transport,
    connections: () => one.server.connections,
    stores,
    engine: async (given = {}) =>
      createEngine({
        transport,
        nodes: simulator.nodes.map((each) => ({
          name: each.scenario.node,
          about: each.scenario.about,
          simulated: true,
          labels: [],
        })),
        policy: () => policy({ ...quick, ...rules }),
        ...(await quietParts(data.path)),
        tell: {
          changed: (change) => void told.push(change.state),
          hearOut: async () => undefined,
          rescue: async () => void told.push('rescue'),
        },
        pauseMs: 5,
        ...given,
      }),
    close: async () => {
      await transport.close()
      await simulator.close()
      data.remove()
    },
  }
}

/** Diagnoses and proposes; answers the change's id. */
export async function proposed({ core }: ReturnType<typeof createEngine>, name: string): Promise<string> {
  const change = await core.propose(await core.diagnose(name, { target: null }), actor('olga'))
  if (isRefusal(change)) throw new Error(`${change.refused} ${change.hint ?? ''}`)
  return change.id
}
