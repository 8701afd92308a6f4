import type { Facts } from '../facts/facts.ts'
import { visitOf } from './visit.ts'
import { differenceBetween } from './visit-difference.ts'

/** How many devices are told of one by one. */
const MOST = 6

/** What a change made of the IOMMU groups, in sentences: group number to members (full BDFs) before it, and the facts of now. */
export function regrouping(groups: Readonly<Record<string, readonly string[]>>, facts: Facts): string[] {
  const now = visitOf(facts, '')
  if (!now) return []
  const [was, is] = [Object.keys(groups).length, Object.keys(now.groups).length]
  if (was === 0 || is === 0) return was === is ? [] : [`IOMMU groups: ${was || 'none'} before, ${is || 'none'} now.`]
  const bare = { at: '', devices: null, nics: null }
  const before = Object.fromEntries(Object.entries(groups).map(([id, members]) => [id, [...members]]))
  const { regrouped } = differenceBetween({ ...bare, groups: before }, { ...bare, groups: now.groups })
  const told = regrouped.slice(0, MOST).map((address) => {
    const [old, anew] = [companyOf(groups, address), companyOf(now.groups, address)]
    return `${address} shares its IOMMU group with ${anew}, before with ${old}.`
  })
  return regrouped.length > MOST
    ? [...told, `${regrouped.length - MOST} more devices have other company than before.`]
    : told
}

function companyOf(groups: Readonly<Record<string, readonly string[]>>, address: string): string {
  const members = Object.values(groups).find((all) => all.includes(address)) ?? []
  return members.filter((one) => one !== address).join(', ') || 'nothing'
}
