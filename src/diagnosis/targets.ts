import type { Facts } from '../facts/facts.ts'
import { isBridge } from './devices.ts'
import { targetText } from './target.ts'

/** What a diagnosis of this node can be narrowed to, as it is typed: its virtual machines, then its devices but bridges. */
export function targetsOf({ guests, lspci }: Facts): readonly string[] {
  const machines = (guests ?? []).filter(({ kind, id }) => kind === 'qemu' && id > 0)
  const devices = (lspci ?? []).filter((device) => !isBridge(device))
  return [
    ...machines.map(({ id }) => targetText({ kind: 'vm', id })),
    ...devices.map(({ address }) => targetText({ kind: 'device', address })),
  ]
}
