import { ruleCard, rulesCard } from '../cards/small-cards.ts'
import { didYouMean } from '../chat/nearest.ts'
import { OperatorError } from '../errors.ts'
import { guide } from '../knowledge/guide.ts'
import { remedies } from '../remedies/index.ts'
import { rules } from '../rules/index.ts'
import { findingsPage, guideTable } from './findings-page.ts'
import { printCard } from './print.ts'

interface Form {
  /** The table of the guide alone. */
  readonly guide?: boolean
  /** The page docs/findings.md. */
  readonly markdown?: boolean
}

/** Prints what is looked for: all of it, one rule, or (as Markdown) the guide's table or the whole page. */
export function printRules(id: string | undefined, form: Form, colour: boolean): void {
  if (id !== undefined && (form.guide || form.markdown))
    throw new OperatorError('usage', '--guide and --markdown print all rules, not one', { hint: 'leave the id out' })
  if (form.guide) return void process.stdout.write(`${guideTable(guide)}\n`)
  if (form.markdown) return void process.stdout.write(findingsPage(guide, rules, remedies))
  const rule = rules.find((one) => one.id === id)
  if (id !== undefined && !rule) {
    const hint =
      didYouMean(
        id,
        rules.map((one) => one.id),
      ) ?? '`lanekeeper rules` lists them'
    throw new OperatorError('usage', `there is no rule "${id}"`, { hint })
  }
  printCard(rule ? ruleCard(rule) : rulesCard(rules), 'rules', process.stdout, colour)
}
