import { basename, resolve } from 'node:path'
import { cardHtml } from '../cards/html.ts'
import { cardMarkdown } from '../cards/markdown.ts'
import { reportCard } from '../cards/report-card.ts'
import { planJson } from '../changes/plan-json.ts'
import type { Diagnosis } from '../core.ts'
import { reportJson } from '../diagnosis/report-json.ts'
import { parseTarget, type Target } from '../diagnosis/target.ts'
import { isRefusal, OperatorError } from '../errors.ts'
import { readCaptureAt } from '../facts/capture-folder.ts'
import { thinkAbout } from '../think.ts'
import { printCard } from './print.ts'

/** What was typed behind --target. */
export function targetOf(text: string | undefined): Target | null {
  if (text === undefined) return null
  const target = parseTarget(text)
  if (isRefusal(target)) throw new OperatorError('usage', target.refused, target.hint ? { hint: target.hint } : {})
  return target
}

/** How a report is printed: drawn for a person, for a program, for a ticket, as a page. */
export type Form = 'drawn' | 'json' | 'markdown' | 'html'

/** The one form that was asked for. */
export function formOf(flags: { json?: boolean; markdown?: boolean; html?: boolean }): Form {
  const asked = (['json', 'markdown', 'html'] as const).filter((form) => flags[form])
  if (asked.length > 1)
    throw new OperatorError('usage', `one form at a time: ${asked.map((form) => `--${form}`).join(' or ')}`)
  return asked[0] ?? 'drawn'
}

/** Prints a diagnosis and gives the exit status: 0 healthy, 1 something found, 3 too little could be read. */
export function printDiagnosis(diagnosis: Diagnosis, { form, colour }: { form: Form; colour: boolean }): number {
  const { report, plan, noPlanBecause, offers } = diagnosis
  if (form === 'markdown') process.stdout.write(`${cardMarkdown(reportCard(diagnosis))}\n`)
  else if (form === 'html') process.stdout.write(cardHtml(reportCard(diagnosis)))
  else if (form === 'json') {
    const repair = {
      plan: plan && planJson(plan),
      ...(!plan && noPlanBecause && { noPlanBecause }),
      offers: offers.map(({ says }) => says),
    }
    process.stdout.write(`${JSON.stringify(reportJson(report, repair), null, 2)}\n`)
  } else printCard(reportCard(diagnosis), report.node, process.stdout, colour)
  return { healthy: 0, broken: 1, 'at-risk': 1, unknown: 3 }[report.verdict.status]
}

/** A capture read again, without a network: the same report as on the node. */
export async function replay(folder: string, target: Target | null): Promise<Diagnosis> {
  const capture = await readCaptureAt(folder)
  if (Object.keys(capture.probes).length === 0)
    process.stderr.write(
      `${folder} holds the text of no probe (cmdline.txt, kernel-log.txt, …): nothing can be known. Is it the right folder?\n`,
    )
  return thinkAbout(capture, { target }, basename(resolve(folder)))
}
