import { expect, test } from 'vitest'
import { fix } from '../../commands/fix.ts'

const vm = { kind: 'vm', id: 101 }

test.each([
  ['a node', ['node3'], { finding: null, target: null }],
  ['a finding', ['node3', 'Passthrough-Mode-Off'], { finding: 'passthrough-mode-off', target: null }],
  ['a target and no finding', ['node3', 'vm:101'], { finding: null, target: vm }],
  ['both', ['node3', 'iommu-off', 'vm:101'], { finding: 'iommu-off', target: vm }],
])('takes %s', (_, words, expected) => {
  expect(fix.args.parse(words)).toEqual({ node: 'node3', ...expected })
})

test.each([
  ['nothing', [], /expected a node/],
  ['a misspelt finding', ['node3', 'iommu-of'], /did you mean iommu-off/],
  ['a misspelt finding before a target', ['node3', 'iommu-of', 'vm:101'], /did you mean iommu-off/],
  ['a target that is none', ['node3', 'vm:x'], /expected a target like vm:101/],
  ['a target that is none behind a finding', ['node3', 'iommu-off', 'everything'], /expected a target like vm:101/],
])('refuses %s, with what was expected', (_, words, says) => {
  const problems = fix.args.safeParse(words).error?.issues.map(({ message }) => message)
  expect(problems?.join('; ')).toMatch(says)
})
