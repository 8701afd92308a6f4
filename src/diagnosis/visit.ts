import { z } from 'zod'
import type { Facts } from '../facts/facts.ts'

/**
 * What is remembered of a visit, to tell the next one what has changed. `groups`: number to members (full BDFs). `devices`:
 * BDF to vendor:device. `nics`: name to MAC. Null = could not be read then.
 */
export const Visit = z.object({
  /** ISO 8601, UTC. */
  at: z.string(),
  groups: z.record(z.string(), z.array(z.string())),
  devices: z.record(z.string(), z.string()).nullable(),
  nics: z.record(z.string(), z.string()).nullable(),
})
export type Visit = z.infer<typeof Visit>

/** A visit as it is stored: its id is the node's name. */
export const VisitRecord = Visit.extend({
  id: z.string(),
  version: z.number().int(),
  /** Of the last look at the whole node, not narrowed to a guest or device. */
  verdict: z
    .object({
      status: z.enum(['broken', 'at-risk', 'healthy', 'unknown']),
      cause: z.string().nullable(),
      says: z.string(),
    })
    .nullable()
    .default(null),
})
export type VisitRecord = z.infer<typeof VisitRecord>

/** Where the last visit to each node is kept. `put` refuses a version that is not the next one. */
export interface VisitStore {
  get(id: string): Promise<VisitRecord | undefined>
  put(record: VisitRecord): Promise<void>
}

/** What to remember of a visit; null when the groups were not read, so that the visit before stays the one to compare with. */
export function visitOf({ 'iommu-groups': groups, lspci, health }: Facts, at: string): Visit | null {
  if (!groups) return null
  return {
    at,
    groups: Object.fromEntries(groups.map(({ id, devices }) => [String(id), devices])),
    devices: lspci
      ? Object.fromEntries(lspci.map(({ address, vendor, device }) => [address, `${vendor}:${device}`]))
      : null,
    nics: health
      ? Object.fromEntries(health.nics.flatMap(({ name, mac }) => (isHardware(mac) ? [[name, mac]] : [])))
      : null,
  }
}

/** Tunnels have no MAC, or one of noughts. */
const isHardware = (mac: string): boolean => /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(mac) && !/^[0:]+$/.test(mac)
