import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Block, Card } from '../../src/cards/card.ts'
import { cardHtml } from '../../src/cards/html.ts'
import { cardMarkdown, plain } from '../../src/cards/markdown.ts'
import { postMortem } from '../../src/cards/post-mortem.ts'
import { reportCard } from '../../src/cards/report-card.ts'
import { aChange, actor } from '../changes/a-change.ts'
import { diagnosis } from './samples.ts'

const text = fc.string({ unit: fc.constantFrom(...'ab<>&"\'`*_[]()#|\\!~$-+1. \n') })
const block: fc.Arbitrary<Block> = fc.oneof(
  text.map((one): Block => ({ type: 'text', text: one })),
  text.map((one): Block => ({ type: 'heading', text: one.replaceAll('\n', ' ') })),
  fc.array(fc.tuple(text, text)).map((fields): Block => ({ type: 'fields', fields })),
  fc.array(text).map((items): Block => ({ type: 'list', items })),
  text.map((one): Block => ({ type: 'code', text: one })),
  fc.array(text).map((lines): Block => ({ type: 'diff', lines })),
)
const anyCard = fc.record({ title: text, blocks: fc.array(block) }).map((one): Card => ({ ...one, tone: 'info' }))

describe('as a page', () => {
  test('nothing that was written becomes markup', () => {
    const tags = /<(?!(?:!doctype|\/?(?:html|head|meta|title|style|body|main|h1|h2|p|dl|dt|dd|ul|li|pre))\b)/i
    fc.assert(
      fc.property(anyCard, (card) => {
        const page = cardHtml(card)
        expect(page).not.toMatch(tags)
        expect(page).not.toMatch(/<[^>]+\son\w+=/i)
      }),
    )
  })
  test('a report stands in it whole', () => {
    const page = cardHtml(reportCard(diagnosis))
    expect(page).toContain(diagnosis.report.verdict.says.replaceAll("'", '&#39;').replaceAll('"', '&quot;'))
    expect(page).toContain("default-src 'none'")
  })
})

describe('as Markdown', () => {
  test('text means only itself', () => {
    expect(plain('# no heading, *no* [link](x) <b> | $x$')).toBe(
      '\\# no heading, \\*no\\* \\[link\\](x) \\<b\\> \\| \\$x\\$',
    )
    expect(plain('- no list')).toBe('\\- no list')
    expect(plain('1. no list')).toBe('1\\. no list')
    expect(plain('vfio-pci 0000:01:00.0')).toBe('vfio-pci 0000:01:00.0')
  })
  test('whatever a node printed, a fence ends where it should, and a table keeps its two columns', () => {
    fc.assert(
      fc.property(text, (one) => {
        const code = cardMarkdown({ title: 't', tone: 'info', blocks: [{ type: 'code', text: one }] })
          .split('\n\n')
          .slice(1)
          .join('\n\n')
        const [fence = ''] = code.split('\n')
        expect(one).not.toContain(fence)
        const cells = cardMarkdown({ title: 't', tone: 'info', blocks: [{ type: 'fields', fields: [[one, one]] }] })
        expect(
          cells
            .split('\n')
            .at(-1)
            ?.match(/(?<!\\)(?:\\\\)*\|/g),
        ).toHaveLength(3)
      }),
    )
  })
  test('the post-mortem says who decided, every step with its time, and how it ended', () => {
    const change = aChange('closed', {
      outcome: 'done',
      because: 'the trial was well',
      away: 61.4,
      votes: [{ by: actor('ann'), yes: true, digest: 'x', at: '2026-11-22T09:05:00.000Z' }],
      log: [
        { at: '2026-11-22T09:00:00.000Z', says: 'Proposed by lanekeeper for olga.' },
        { at: '2026-11-22T09:07:30.000Z', says: 'The node is up in the trial boot.\nChecking it.' },
      ],
    })
    expect(postMortem(change)).toMatchInlineSnapshot(`
      "# node1, change c1: kept: the change is permanent

      | | |
      |---|---|
      | Node | node1 |
      | Cause | iommu-off |
      | Change | Switch the IOMMU on |
      | Ended | kept: the change is permanent |
      | Because | the trial was well |
      | Asked by | olga (console:olga) |
      | Approved by | ann (console:ann), 2026-11-22 09:05 UTC |
      | Away while it rebooted | 61 s |
      | Digest | 9370318440d0 |

      ## Timeline (UTC)

      | at | what |
      |---|---|
      | 2026-11-22 09:00:00 | Proposed by lanekeeper for olga. |
      | 2026-11-22 09:07:30 | The node is up in the trial boot.<br>Checking it. |

      ## The plan

      ### node1: iommu-off

      #### Proposed change on node1: Switch the IOMMU on

      | | |
      |---|---|
      | Add | intel\\_iommu=on |
      | Remove | – |
      | Kernel | 6.5.13-5-pve |
      | Reboot | yes, node1: one trial boot; nothing permanent before it has been checked |
      | Goes down | no running guest |
      | Way back | by itself; proven on the node before the reboot |
      | Risk | 1 of 2: ordinary |
      | Digest | 9370318440d0 |

      The bot then runs:

      \`\`\`
      update-grub
      \`\`\`

      node1 comes back by itself: after a kernel panic at once, after a hang by a power cycle, and by a guard on the node when it is up but cannot be reached. GRUB spends a one-time flag on the EFI partition before it offers the trial, so the trial starts once at most and every later start is the old configuration.

      "
    `)
  })
})
