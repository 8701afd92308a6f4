import { defineCommand } from '../src/chat/command.ts'
import { lookAt } from '../src/chat/look.ts'
import { words } from '../src/chat/words.ts'
import { parseTarget } from '../src/diagnosis/target.ts'
import { isRefusal } from '../src/errors.ts'

/** Looks at a node, says why passthrough fails there, and asks for approval of the change that would cure it. */
export const diagnose = defineCommand({
  name: 'diagnose',
  summary: 'Say why PCIe passthrough fails on a node, or for one guest or device of it',
  usage: '<node> [vm:<id>|device:<address>]',
  example: 'diagnose node3 vm:101',
  completes: ['node', 'target'],
  needs: 'viewer',
  args: words(['node'], ['target']).transform(({ node, target }, context) => {
    const parsed = target === undefined ? null : parseTarget(target)
    if (!isRefusal(parsed)) return { node, target: parsed }
    context.addIssue(`${parsed.refused}; ${parsed.hint}`)
    return { node, target: null }
  }),
  run: ({ node, target }, context) => lookAt(node, { target }, context),
})
