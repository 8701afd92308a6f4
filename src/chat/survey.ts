import { needsTable, surveyCard, surveyProgressCard, surveyTable } from '../cards/fleet-card.ts'
import type { Glance } from '../diagnosis/glance.ts'
import { OperatorError } from '../errors.ts'
import type { CommandContext } from './command.ts'
import { nodesNamed } from './words.ts'

/** Milliseconds between two edits of the card while the nodes come in. */
const EDIT_MS = 2000

/** Looks at all nodes that a word means (`all`, `label:gpu`), and answers with one line a node. Proposes nothing. */
export async function surveyOf(typed: string, context: CommandContext): Promise<void> {
  const { core, reply, edit, attach, log } = context
  const names = nodesNamed(core.nodes, typed).map(({ name }) => name)
  if (names.length === 0) throw new OperatorError('node-unknown', 'there are no nodes in the configuration')
  const message = await reply(surveyProgressCard(typed, names.length, []))
  const began = Date.now()
  const soFar: Glance[] = []
  let told = began
  let telling = Promise.resolve()
  const glances = await core.survey(names, (glance) => {
    soFar.push(glance)
    if (Date.now() - told < EDIT_MS || soFar.length === names.length) return
    told = Date.now()
    const card = surveyProgressCard(typed, names.length, soFar)
    telling = telling.then(() => edit(message, card)).catch((error) => log.error({ err: error }, 'no progress shown'))
  })
  await telling
  await edit(message, surveyCard(typed, glances, (Date.now() - began) / 1000))
  if (needsTable(glances)) {
    const content = new TextEncoder().encode(surveyTable(glances))
    const table = { name: 'nodes.tsv', type: 'text/tab-separated-values', content }
    await attach(message, table).catch((error) =>
      log.error({ err: error }, 'the list of the nodes could not be attached'),
    )
  }
}
