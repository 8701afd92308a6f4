import { topologyText } from '../topology/text.ts'
import type { Topology } from '../topology/topology.ts'
import type { Card, Tone } from './card.ts'
import { utc } from './words.ts'

/** A node's PCI devices with their groups, drivers and owners: `/pcie topology`. */
export function topologyCard(topology: Topology): Card {
  const { node, target, troubles, verdict, takenAt } = topology
  const words = [verdict, takenAt && `Read at ${utc(takenAt)}.`].filter((part) => part).join('\n')
  return {
    title: `${node ?? 'node'}${target ? `, ${target}` : ''}: PCIe topology`,
    tone: toneOf(troubles),
    blocks: [
      ...(words ? [{ type: 'text', text: words } as const] : []),
      { type: 'code', text: topologyText(topology) },
    ],
  }
}

function toneOf(troubles: Topology['troubles']): Tone {
  if (troubles.some(({ severity }) => severity === 'blocker')) return 'danger'
  return troubles.some(({ severity }) => severity === 'warning') ? 'warn' : 'info'
}
