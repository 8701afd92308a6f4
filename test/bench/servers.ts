import type { Mood } from '../../src/simulator/node.ts'
import { scenarios } from '../../src/simulator/scenario.ts'
import { startSimulator } from '../../src/simulator/simulator.ts'

/** A process of simulated nodes: `servers.ts <how many> <folder> [moody]`, of which moody ones answer 17 in 20 scripts; prints where they are as JSON, and lives until its input ends. */
export interface Servers {
  readonly keyFile: string
  readonly nodes: readonly { readonly name: string; readonly port: number; readonly hostKey: string }[]
}

const [count = '1', folder = '.', moody] = process.argv.slice(2)
const played = Array.from({ length: Number(count) }, (_, n) => {
  const scenario = scenarios[n % scenarios.length]
  if (!scenario) throw new Error('no scenario')
  return { ...scenario, node: `node${n + 1}` }
})
const { keyFile, nodes } = await startSimulator(folder, { played })
const moods: readonly Mood[] = ['drops', 'hangs', 'floods']
if (moody !== undefined) for (const { node } of nodes) node.mood = () => moods[Math.floor(Math.random() * 20)] ?? 'well'
const said: Servers = {
  keyFile,
  nodes: nodes.map(({ scenario, server: { port, hostKey } }) => ({ name: scenario.node, port, hostKey })),
}
process.stdout.write(`${JSON.stringify(said)}\n`)
process.stdin.resume().on('end', () => process.exit(0))
