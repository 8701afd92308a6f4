import type { Card } from '../cards/card.ts'
import type { MessageRef } from '../changes/change.ts'
import type { CardRecord, Place, RecordStore } from './card-record.ts'

/** Which message shows which change, kept over restarts. Updates of one record wait for each other. */
export interface CardsKept {
  get(id: string): Promise<CardRecord | undefined>
  list(): Promise<readonly CardRecord[]>
  /** The change whose card (or incident message) this is. */
  changeOn(message: MessageRef): Promise<{ readonly id: string; readonly place: Place } | undefined>
  add(id: string, place: Place, findings?: Card): Promise<void>
  mark(id: string, at: MessageRef, what: Partial<Pick<Place, 'shown' | 'told' | 'rescued'>>): Promise<void>
}

export function createCardsKept(store: RecordStore<CardRecord>): CardsKept {
  let last: Promise<unknown> = Promise.resolve()

  const update = (id: string, next: (record: CardRecord) => CardRecord): Promise<void> => {
    const done = last.then(async () => {
      const record = (await store.get(id)) ?? { id, version: 0, findings: null, places: [] }
      await store.put({ ...next(record), version: record.version + 1 })
    })
    last = done.catch(() => undefined)
    return done
  }

  return {
    get: (id) => store.get(id),
    list: () => store.list(),
    async changeOn(message) {
      for (const { id, places } of await store.list()) {
        const place = places.find(({ at }) => sameMessage(at, message))
        if (place) return { id, place }
      }
      return undefined
    },
    add: (id, place, findings) =>
      update(id, (record) => ({
        ...record,
        findings: findings ?? record.findings,
        places: [...record.places.filter(({ at }) => !sameMessage(at, place.at)), place],
      })),
    mark: (id, at, what) =>
      update(id, (record) => ({
        ...record,
        places: record.places.map((place) => (sameMessage(place.at, at) ? { ...place, ...what } : place)),
      })),
  }
}

/** Threads are left aside: a message is one message whatever it hangs on. */
export const sameMessage = (one: MessageRef, other: MessageRef): boolean =>
  one.adapter === other.adapter && one.channel === other.channel && one.message === other.message
