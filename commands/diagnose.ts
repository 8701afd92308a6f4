import { progressCard } from '../src/cards/progress-card.ts'
import { refusedReport, reportCard } from '../src/cards/report-card.ts'
import { defineCommand } from '../src/chat/command.ts'
import { nodeNamed, words } from '../src/chat/words.ts'
import { parseTarget } from '../src/diagnosis/target.ts'
import { isRefusal } from '../src/errors.ts'

/** Looks at a node, says why passthrough fails there, and asks for approval of the change that would cure it. */
export const diagnose = defineCommand({
  name: 'diagnose',
  summary: 'Say why PCIe passthrough fails on a node, or for one guest or device of it',
  usage: '<node> [vm:<id>|device:<address>]',
  example: 'diagnose node3 vm:101',
  completes: ['node', 'target'],
  args: words(['node'], ['target']).transform(({ node, target }, context) => {
    const parsed = target === undefined ? null : parseTarget(target)
    if (!isRefusal(parsed)) return { node, target: parsed }
    context.addIssue(`${parsed.refused}; ${parsed.hint}`)
    return { node, target: null }
  }),
  async run({ node: typed, target }, { core, by, reply, edit, showsChange }) {
    const node = nodeNamed(core.nodes, typed).name
    const message = await reply(progressCard(node, target))
    const diagnosis = await core.diagnose(node, target)
    const findings = reportCard(diagnosis)
    if (!diagnosis.plan) return edit(message, findings)
    const change = await core.propose(diagnosis, by)
    if (isRefusal(change)) return edit(message, refusedReport(findings, change))
    await showsChange(message, change.id, findings)
  },
})
