import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Change } from '../changes/change.ts'
import type { Glance } from '../diagnosis/glance.ts'

/** What is read at the moment somebody asks. */
export interface Readings {
  readonly live: () => Promise<readonly Pick<Change, 'state'>[]>
  readonly watched: () => number
  readonly heldBack: () => number
}

export interface Metrics {
  /** A look at a node has ended, with or without a report. */
  looked(glance: Pick<Glance, 'status'>, seconds: number): void
  closed(change: Extract<Change, { state: 'closed' }>): void
  /** The text that Prometheus reads, and its media type. */
  text(): Promise<string>
  readonly type: string
}

/** Counts what happens, for Prometheus. Names of nodes and people are no labels: their number has no bound. */
export function createMetrics(readings: Readings): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const looks = new Histogram({
    name: 'lanekeeper_diagnosis_seconds',
    help: 'How long looks at nodes took, by verdict; unreachable = no report',
    labelNames: ['verdict'],
    buckets: [0.25, 0.5, 1, 2, 4, 8, 16, 32, 64, 128],
    registers,
  })
  const closed = new Counter({
    name: 'lanekeeper_changes_closed_total',
    help: 'Changes that came to an end, by outcome',
    labelNames: ['outcome'],
    registers,
  })
  new Gauge({
    name: 'lanekeeper_changes_live',
    help: 'Changes that are under way, by state',
    labelNames: ['state'],
    registers,
    async collect() {
      this.reset()
      for (const { state } of await readings.live()) this.inc({ state })
    },
  })
  new Gauge({
    name: 'lanekeeper_nodes_watched',
    help: 'Nodes whose failed guest starts are noticed at this moment',
    registers,
    collect() {
      this.set(readings.watched())
    },
  })
  new Gauge({
    name: 'lanekeeper_messages_held_back',
    help: 'What was noticed and is not told yet: quiet hours, or too much in an hour',
    registers,
    collect() {
      this.set(readings.heldBack())
    },
  })
  return {
    looked: ({ status }, seconds) => looks.observe({ verdict: status }, seconds),
    closed: ({ outcome }) => closed.inc({ outcome }),
    text: () => registry.metrics(),
    type: registry.contentType,
  }
}
