import pLimit from 'p-limit'
import type { Change } from './changes/change.ts'
import { isUnreachable } from './changes/means.ts'
import type { ChangeStore } from './changes/ports.ts'
import type { Core, Diagnosis, NodeInfo, Question } from './core.ts'
import { type Glance, glanceOf, type Known, unreachable } from './diagnosis/glance.ts'
import { targetText } from './diagnosis/target.ts'
import { OperatorError } from './errors.ts'
import { survey } from './fleet/survey.ts'
import type { Memory } from './memory.ts'

/** How many nodes are looked at at once, and how many of them for a survey: who asks about one node finds room meanwhile. */
const VISITS = 48
const SURVEYED = 32
/** Milliseconds that one node of a survey may take. */
const SURVEY_DEADLINE_MS = 60_000

export interface LookingParts {
  readonly nodes: readonly NodeInfo[]
  /** `many`: it is one look of many. */
  readonly visit: (node: string, question: Question, many: boolean) => Promise<Diagnosis>
  readonly store: ChangeStore
  readonly memory?: Memory | undefined
  readonly now: () => Date
  readonly newId: () => string
  /** Hears of each look at a node when it is over. */
  readonly looked?: ((look: Look) => void) | undefined
}

export interface Look {
  readonly id: string
  readonly glance: Glance
  readonly target: string | null
  readonly seconds: number
  readonly error?: unknown
}

/** The half of the core that only looks: at one node, at many, and at what is remembered of them. */
export function createLooking(parts: LookingParts): Pick<Core, 'diagnose' | 'survey' | 'known' | 'targets'> {
  const { nodes, store, now } = parts
  const atOnce = pLimit(VISITS)
  const targets = new Map<string, readonly string[]>()
  const seen = new Map<string, Known>()

  const lastGlance = async (node: string) => {
    const visit = await parts.memory?.last(node)
    return visit?.verdict ? { node, ...visit.verdict, at: visit.at } : undefined
  }

  const diagnose = async (node: string, question: Question, many = false): Promise<Diagnosis> => {
    if (!nodes.some(({ name }) => name === node)) {
      const known = nodes.map(({ name }) => name).join(', ')
      throw new OperatorError('node-unknown', `there is no node "${node}" in the configuration`, {
        hint: `known nodes: ${known}`,
      })
    }
    const id = `d${parts.newId()}`
    const began = performance.now()
    const note = (glance: Glance, error?: unknown) => {
      if (question.target === null) seen.set(node, { ...glance, at: now().toISOString() })
      const target = question.target && targetText(question.target)
      const seconds = (performance.now() - began) / 1000
      parts.looked?.({ id, glance, target, seconds, ...(error !== undefined && { error }) })
    }
    const diagnosis = await atOnce(() => parts.visit(node, question, many)).catch(async (error: unknown) => {
      note(unreachable(node, error), error)
      throw explained(error, node, await store.list())
    })
    note(glanceOf(diagnosis.report))
    targets.set(node, diagnosis.targets)
    return { ...diagnosis, id }
  }

  return {
    diagnose: (node, question) => diagnose(node, question),
    survey: (names, heard) =>
      survey(names, {
        look: async (node) => (await diagnose(node, { target: null }, true)).report,
        atOnce: SURVEYED,
        deadlineMs: SURVEY_DEADLINE_MS,
        heard,
      }),
    async known() {
      const remembered = await Promise.all(
        nodes.map(async ({ name }) => [name, seen.get(name) ?? (await lastGlance(name))] as const),
      )
      return new Map(remembered.flatMap(([name, glance]) => (glance ? [[name, glance] as const] : [])))
    },
    targets: (node) => targets.get(node) ?? [],
  }
}

/** A node that the bot itself is rebooting is not out of reach for any other reason. */
function explained(error: unknown, node: string, live: readonly Change[]): unknown {
  const away = live.find(({ plan, state }) => plan.node === node && AWAY.includes(state))
  if (!away || !isUnreachable(error)) return error
  return new OperatorError(
    'node-unreachable',
    `${node} is away: change ${away.id} reboots it just now (${away.state})`,
    {
      hint: `/pcie status ${away.id} shows how it goes; diagnose again when it is over`,
      cause: error,
    },
  )
}

const AWAY: readonly Change['state'][] = ['rebooting', 'verifying', 'committing', 'going-back']
