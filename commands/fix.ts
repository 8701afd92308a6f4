import { defineCommand } from '../src/chat/command.ts'
import { lookAt } from '../src/chat/look.ts'
import { didYouMean } from '../src/chat/nearest.ts'
import { targetIn, words } from '../src/chat/words.ts'
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
    // The finding may be left out: then the second word is the target.
    const aimed = asked || target !== undefined ? target : finding
    if (finding !== undefined && !asked && (target !== undefined || !finding.includes(':'))) {
      const ids = rules.map(({ id }) => id)
      context.addIssue(`expected a finding, got "${finding}"; ${didYouMean(finding, ids) ?? '/pcie rules lists them'}`)
      return { node, finding: null, target: null }
    }
    return { node, finding: asked?.id ?? null, target: targetIn(aimed, context) }
  }),
  run: ({ node, finding, target }, context) => lookAt(node, { target, finding }, context),
})
