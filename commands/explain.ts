import { ruleCard, rulesCard } from '../src/cards/small-cards.ts'
import { defineCommand } from '../src/chat/command.ts'
import { didYouMean } from '../src/chat/nearest.ts'
import { words } from '../src/chat/words.ts'
import { OperatorError } from '../src/errors.ts'
import { rules } from '../src/rules/index.ts'

/** Says what a finding means and how it is cured. */
export const explain = defineCommand({
  name: 'explain',
  summary: 'Say what a finding means and what to do about it',
  usage: '<finding>',
  example: 'explain iommu-off',
  completes: ['rule'],
  needs: 'viewer',
  args: words([], ['finding']),
  async run({ finding }, { reply }) {
    if (finding === undefined) return void (await reply(rulesCard(rules)))
    const rule = rules.find(({ id }) => id === finding.toLowerCase())
    if (rule) return void (await reply(ruleCard(rule)))
    throw new OperatorError('not-found', `there is no finding "${finding}"`, {
      hint:
        didYouMean(
          finding,
          rules.map(({ id }) => id),
        ) ?? '/pcie rules lists them',
    })
  },
})
