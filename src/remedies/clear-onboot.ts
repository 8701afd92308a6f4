import type { Remedy } from '../changes/remedy.ts'
import type { Facts } from '../facts/facts.ts'
import { setOnboot } from '../jobs/guest-onboot.ts'

/** Guests that would take a device of the host at the next boot no longer start with it. High availability starts its guests itself: those are left to a person (FACTS 8). */
export const clearOnboot: Remedy = {
  id: 'clear-onboot',
  title: 'Do not start the guest with the node',
  wish: (facts, { guests = [] }) => {
    if (!facts.guests || !facts.cluster)
      return { refused: 'the guests, or what high availability does, could not be read' }
    const starting = stillOnboot(facts, guests)
    if (starting.length === 0) return { refused: 'no guest of this node is set to start at boot' }
    const managed = starting.find((id) => facts.cluster?.ha.some((line) => new RegExp(`\\bvm:${id}\\b`).test(line)))
    if (managed !== undefined)
      return {
        refused: `high availability starts guest ${managed}, whatever its onboot says`,
        hint: `take it out first: ha-manager remove vm:${managed}`,
      }
    const names = starting.join(', ')
    return {
      title: `Do not start guest ${names} with the node`,
      args: { add: [], remove: [] },
      jobs: starting.map((id) => setOnboot(id, '1', '0')),
      inPlace: true,
      risk: 1,
      risks: [`After a reboot of the node guest ${names} stays off until somebody starts it.`],
    }
  },
  uncured: (facts, { jobs = [] }) => {
    if (!facts.guests) return ['the guests could not be read']
    const cleared = jobs.flatMap(({ with: { guest } }) => (guest === undefined ? [] : [Number(guest)]))
    return stillOnboot(facts, cleared).map((id) => `guest ${id} still starts with the node`)
  },
}

const stillOnboot = ({ guests = [] }: Facts, ids: readonly number[]): number[] =>
  guests.flatMap(({ id, kind, onboot }) => (kind === 'qemu' && onboot && ids.includes(id) ? [id] : []))
