import type { Topology } from '../../src/topology/topology.ts'
import { factsOf, largeServer, pictured } from './nodes.ts'

/** Four nodes as they are to be shown: one in order, two in trouble (once without paths), and one that is too large. */
export const NODES: readonly (readonly [name: string, topology: () => Promise<Topology>])[] = [
  ['workstation', async () => pictured(await factsOf('test/captures/full'))],
  ['disk-in-the-group', async () => pictured(await factsOf('test/cases/disk-in-the-group/capture'))],
  [
    'rmrr',
    async () => {
      const facts = await factsOf('test/cases/rmrr-on-5.15/capture')
      const paths = (facts.lspci ?? []).map(({ address }) => ({
        address,
        parent: address.startsWith('0000:01:') ? '0000:00:01.0' : null,
      }))
      return pictured({ ...facts, 'pci-paths': paths }, { kind: 'vm', id: 101 })
    },
  ],
  ['large-server', async () => pictured(largeServer())],
]
