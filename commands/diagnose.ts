import { defineCommand } from '../src/chat/command.ts'
import { lookAt } from '../src/chat/look.ts'
import { surveyOf } from '../src/chat/survey.ts'
import { isGroup, nodeAndTarget } from '../src/chat/words.ts'

/** Looks at a node, says why passthrough fails there, and asks for approval of the change that would cure it; or looks at many. */
export const diagnose = defineCommand({
  name: 'diagnose',
  summary: 'Say why PCIe passthrough fails on a node, guest or device; all or label:<label>: on many nodes',
  usage: '<node> [vm:<id>|device:<address>]',
  example: 'diagnose node3 vm:101',
  completes: ['nodes', 'target'],
  needs: 'viewer',
  args: nodeAndTarget.refine(({ node, target }) => target === null || !isGroup(node), {
    error: 'expected one node before a guest or a device, got several',
  }),
  run: ({ node, target }, context) => (isGroup(node) ? surveyOf(node, context) : lookAt(node, { target }, context)),
})
