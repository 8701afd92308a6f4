import fc from 'fast-check'
import type { Card } from '../../src/cards/card.ts'
import { changeCard } from '../../src/cards/change-card.ts'
import { foundCard, incidentCard } from '../../src/cards/incident-card.ts'
import { reportCard } from '../../src/cards/report-card.ts'
import { rescueCard } from '../../src/cards/rescue-card.ts'
import { noteCard, statusCard, stepCard } from '../../src/cards/small-cards.ts'
import { topologyCard } from '../../src/cards/topology-card.ts'
import { type Change, OUTCOMES } from '../../src/changes/change.ts'
import { change, diagnosis, policy } from '../cards/samples.ts'
import { largeServer, pictured } from '../topology/nodes.ts'

/** What a node, a file on it, or a person's name could say to make a chat do something. */
export const hostileWords: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...['<!channel>', '<!here|here>', '<@U0ANN>', '<!subteam^S0OWNERS>', '<#C0OPS|ops>', '@here', '@Everyone'],
        ...['<@600000000000000001>', '<@&500000000000000001>', '@everyone @here', '&lt;!channel&gt;', '</pcie:1>'],
        ...['```', '`x`', '||x||', '*bold* _it_ ~no~', '# big', '> quote', '[click](https://evil.example)'],
        ...['<https://evil.example|update-grub>', 'https://evil.example', ':white_check_mark:', '\\', '&', '<t:1>'],
        ...['\u001b[2J\u0007', '\u202Egnp.exe', '\u200b', '\ud800', '\n', '\r\n', 'a\nb\nc', 'x'.repeat(9000)],
        ...['🟢'.repeat(2000), '&'.repeat(3001), 'line\n'.repeat(400)],
      ),
      fc.string({ unit: 'grapheme', maxLength: 40 }),
      fc.string({ unit: 'binary', maxLength: 40 }),
    ),
    { maxLength: 4 },
  )
  .map((parts) => parts.join(''))

/** What is free text in reports, plans, changes and topologies; ids, addresses, paths, states and times are not. */
const FREE = new Set([
  ...['title', 'says', 'saw', 'why', 'fix', 'error', 'because', 'noPlanBecause', 'name', 'about', 'verdict', 'node'],
  ...['risks', 'goesDown', 'diff', 'text', 'was', 'commands', 'links', 'add', 'remove', 'now', 'kept', 'kernel'],
  ...['className', 'driver', 'target', 'remedy', 'cause', 'modules'],
])

/** The same data with every free text replaced by one of these words, in turn. */
function poisoned<T>(data: T, words: readonly string[]): T {
  let count = 0
  const walk = (value: unknown, free: boolean): unknown => {
    if (typeof value === 'string') return free ? (words[count++ % words.length] ?? value) : value
    if (Array.isArray(value)) return value.map((one) => walk(one, free))
    if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, walk(one, FREE.has(key))]))
  }
  return walk(data, false) as T
}

const STATES = [
  ...['proposed', 'approved', 'arming', 'armed', 'rebooting', 'verifying', 'committing', 'going-back', 'closed'],
] as const satisfies readonly string[] as readonly Change['state'][]
const topology = pictured(largeServer(1))

type Make = (words: readonly string[], state: Change['state'], outcome: string) => Card
const changeOf: (...given: Parameters<Make>) => Change = (words, state, outcome) =>
  poisoned(change(state, { outcome }), words)
/** Every kind of card that shows what a node, a file or a person said. */
const MAKERS: Readonly<Record<string, Make>> = {
  report: (words) => reportCard(poisoned(diagnosis, words)),
  change: (words, state, outcome) => {
    const findings = reportCard(poisoned(diagnosis, words))
    return changeCard(findings, changeOf(words, state, outcome), policy)
  },
  found: (words) => foundCard(poisoned(diagnosis, words)),
  incident: (...given) => incidentCard(changeOf(...given), policy),
  rescue: (words, _, outcome) => rescueCard(changeOf(words, 'armed', outcome), policy),
  step: (words, state, outcome) =>
    stepCard(changeOf(words, state, outcome), { at: '2026-11-22T09:00:05Z', says: words.join(' ') }),
  topology: (words) => topologyCard(poisoned(topology, words)),
  status: (words, state, outcome) => statusCard([changeOf(words, state, outcome)], words[0] || undefined),
  freeze: (words) => noteCard('Frozen', `${words.join(' ')} froze all changes`, 'warn'),
}
export const HOSTILE = Object.keys(MAKERS)

/** A card of this kind, made from any report, plan, change and topology. */
export const hostileCard = (kind: string): fc.Arbitrary<Card> =>
  fc
    .record({
      words: fc.array(hostileWords, { minLength: 1, maxLength: 6 }),
      state: fc.constantFrom(...STATES),
      outcome: fc.constantFrom(...OUTCOMES),
    })
    .map(({ words, state, outcome }) => {
      const make = MAKERS[kind]
      if (!make) throw new Error(`no card ${kind}`)
      return make(words, state, outcome)
    })

/** Whom a card calls: real ids of both platforms, and strings that would be a call if they were let through. */
export const hostileCalls: fc.Arbitrary<readonly string[]> = fc.array(
  fc.oneof(
    fc.stringMatching(/^slack:(group:S|[UW])[A-Z0-9]{8,12}$/),
    fc.stringMatching(/^discord:(role:)?[1-9]\d{16,18}$/),
    hostileWords.map((words) => `slack:${words}`),
    hostileWords.map((words) => `discord:role:${words}`),
    fc.constantFrom('slack:group:here', 'slack:!channel', 'discord:@everyone', 'discord:1> @everyone', 'console:ann'),
  ),
  { maxLength: 50 },
)
