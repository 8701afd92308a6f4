import { defineCommand } from '../src/chat/command.ts'
import { lookAt } from '../src/chat/look.ts'
import { didYouMean } from '../src/chat/nearest.ts'
import { words } from '../src/chat/words.ts'
import { parseTarget } from '../src/diagnosis/target.ts'
import { isRefusal } from '../src/errors.ts'
import { rules } from '../src/rules/index.ts'

/** Asks for approval of the change that cures one finding, which need not be the cause. */
export const fix = defineCommand({
  name: 'fix',
  summary: 'Put the cure of one finding up for approval, or of the cause where none is named',
  usage: '<node> [finding] [vm:<id>|device:<address>]',
  example: 'fix node3 passthrough-mode-off',
  completes: ['node', 'rule', 'target'],
  needs: 'operator',
  args: words(['node'], ['finding', 'target']).transform(({ node, finding, target }, context) => {
    const asked = rules.find(({ id }) => id === finding?.toLowerCase())
    const aimed = finding !== undefined && !asked && target === undefined ? finding : target
    const parsed = aimed === undefined ? null : parseTarget(aimed)
    if (finding !== undefined && !asked && (aimed !== finding || isRefusal(parsed))) {
      const ids = rules.map(({ id }) => id)
      context.addIssue(`expected a finding, got "${finding}"; ${didYouMean(finding, ids) ?? '/pcie rules lists them'}`)
    } else if (isRefusal(parsed)) context.addIssue(`${parsed.refused}; ${parsed.hint}`)
    return { node, finding: asked?.id ?? null, target: isRefusal(parsed) ? null : parsed }
  }),
  run: ({ node, finding, target }, context) => lookAt(node, { target, finding }, context),
})
