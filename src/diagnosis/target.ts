import type { Refusal } from '../errors.ts'

/** What a diagnosis is narrowed to. `address` is a full BDF, or a slot (0000:01:00) for all of its functions. */
export type Target =
  | { readonly kind: 'vm'; readonly id: number }
  | { readonly kind: 'device'; readonly address: string }

/** Reads `vm:101` or `device:01:00.0`; the domain is optional (0000). */
export function parseTarget(text: string): Target | Refusal {
  const vm = /^(?:vm|ct|guest):(\d+)$/i.exec(text)
  if (vm) return { kind: 'vm', id: Number(vm[1]) }
  const device = /^device:((?:[0-9a-f]{4,}:)?[0-9a-f]{2}:[0-9a-f]{2}(?:\.[0-7])?)$/i.exec(text)
  if (device?.[1]) {
    const address = device[1].toLowerCase()
    return { kind: 'device', address: address.split(':').length === 2 ? `0000:${address}` : address }
  }
  return {
    refused: `expected a target like vm:101 or device:01:00.0, got "${text}"`,
    hint: 'leave it out to see the whole node',
  }
}

/** The words `parseTarget` reads. */
export const targetText = (target: Target): string =>
  target.kind === 'vm' ? `vm:${target.id}` : `device:${target.address}`
