import { progressCard } from '../cards/progress-card.ts'
import { refusedReport, reportCard, withEarlierTrial, withNote } from '../cards/report-card.ts'
import { type MessageRef, triedBefore } from '../changes/change.ts'
import type { Diagnosis, Question } from '../core.ts'
import { isRefusal } from '../errors.ts'
import type { CommandContext } from './command.ts'
import { attachPicture, worthAPicture } from './picture.ts'
import { nodeNamed } from './words.ts'

/** How many closed changes are looked through for an earlier trial. */
const LOOKED_THROUGH = 200

/** Looks at a node and answers with its findings; where there is a plan, the same message asks for approval of it. */
export async function lookAt(typed: string, question: Question, context: CommandContext) {
  const { core, reply } = context
  const node = nodeNamed(core.nodes, typed).name
  const message = await reply(progressCard(node, question.target))
  const diagnosis = await core.diagnose(node, question)
  await answer(message, diagnosis, context)
  if (worthAPicture(diagnosis.topology)) await attachPicture(message, diagnosis.topology, context)
  if (diagnosis.report.verdict.status !== 'healthy') await attachCapture(message, diagnosis, context)
}

async function answer(
  message: MessageRef,
  diagnosis: Diagnosis,
  { core, by, edit, showsChange }: CommandContext,
): Promise<void> {
  const report = reportCard(diagnosis)
  if (!diagnosis.plan) return edit(message, report)
  const tried = triedBefore(await core.history(LOOKED_THROUGH), diagnosis.plan)
  const frozen = await core.frozen()
  const told = frozen ? withNote(report, `${frozen}: nothing can be approved before that.`) : report
  const findings = tried ? withEarlierTrial(told, tried) : told
  const change = await core.propose(diagnosis, by)
  if (isRefusal(change)) return edit(message, refusedReport(findings, change))
  await showsChange(message, change.id, findings)
}

/** What the verdict rests on, for a ticket. Trouble with it costs nothing else. */
async function attachCapture(
  message: MessageRef,
  { capture, report }: Diagnosis,
  { attach, log }: CommandContext,
): Promise<void> {
  if (!capture) return
  const stamp = (report.takenAt ?? '').slice(0, 16).replaceAll(/[^0-9T]/g, '')
  const name = `capture-${report.node.replaceAll(/[^\w.-]+/g, '-')}${stamp && `-${stamp}`}.txt`
  try {
    await attach(message, { name, type: 'text/plain', content: capture() })
  } catch (error) {
    log.error({ err: error, node: report.node }, 'the capture could not be attached')
  }
}
