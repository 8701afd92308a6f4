import pLimit from 'p-limit'
import pTimeout from 'p-timeout'
import { type Glance, glanceOf, unreachable } from '../diagnosis/glance.ts'
import type { Report } from '../diagnosis/report.ts'
import { OperatorError } from '../errors.ts'

export interface SurveyParts {
  /** One look at a node; throws where there is no report. */
  readonly look: (node: string) => Promise<Report>
  /** How many nodes are looked at at once. */
  readonly atOnce: number
  /** Milliseconds that one node may take; then it counts as not reached. */
  readonly deadlineMs: number
  /** Hears of each node as soon as it is through. */
  readonly heard: (glance: Glance) => void
}

/** Looks at many nodes, some at a time, each with a deadline of its own: a dead one holds nobody up. Never throws. */
export async function survey(nodes: readonly string[], parts: SurveyParts): Promise<readonly Glance[]> {
  const { atOnce, heard } = parts
  const some = pLimit(atOnce)
  return Promise.all(
    nodes.map((node) =>
      some(async () => {
        const glance = await glanceAt(node, parts)
        heard(glance)
        return glance
      }),
    ),
  )
}

async function glanceAt(node: string, { look, deadlineMs }: SurveyParts): Promise<Glance> {
  const late = new OperatorError('time-limit', `${node} was not read within ${deadlineMs / 1000} s`, {
    hint: `/pcie diagnose ${node} takes the time it needs`,
  })
  try {
    // Only the line is kept: a report of each of a thousand nodes would be held until the last is in.
    return glanceOf(await pTimeout(look(node), { milliseconds: deadlineMs, message: late }))
  } catch (error) {
    return unreachable(node, error)
  }
}
