import { defineCommand } from '../src/chat/command.ts'
import { lookAt } from '../src/chat/look.ts'
import { nodeAndTarget } from '../src/chat/words.ts'

/** Looks at a node, says why passthrough fails there, and asks for approval of the change that would cure it. */
export const diagnose = defineCommand({
  name: 'diagnose',
  summary: 'Say why PCIe passthrough fails on a node, or for one guest or device of it',
  usage: '<node> [vm:<id>|device:<address>]',
  example: 'diagnose node3 vm:101',
  completes: ['node', 'target'],
  needs: 'viewer',
  args: nodeAndTarget,
  run: ({ node, target }, context) => lookAt(node, { target }, context),
})
