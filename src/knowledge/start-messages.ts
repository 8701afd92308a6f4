import { z } from 'zod'
import table from '../../data/start-messages.json' with { type: 'json' }

const Message = z.strictObject({
  id: z.string(),
  /** The finding that it proves. */
  rule: z.string(),
  probe: z.enum(['tasks', 'kernel-log']),
  pattern: z.string().transform((text) => new RegExp(text, 'i')),
  /** Why the guest did not start, to follow "because"; and what to do, both without a full stop. */
  means: z.string().regex(/[^.]$/),
  cure: z.string().regex(/[^.]$/),
  source: z.url({ protocol: /^https$/ }),
})
const messages = z.array(Message).parse(table)

/** What a line of a failed start or of the kernel says about a guest: its meaning and its cure in words, and the parts that it names. */
export interface StartMessage {
  readonly id: string
  readonly means: string
  readonly cure: string
  readonly named: Readonly<Record<string, string>>
}

/** The first message of a finding that the line holds; `vmid` is how the guest that did not start stands in a command. */
export function startMessage(
  rule: string,
  probe: z.infer<typeof Message>['probe'],
  line: string,
  vmid: string,
): StartMessage | null {
  for (const one of messages) {
    const match = one.rule === rule && one.probe === probe ? one.pattern.exec(line) : null
    if (!match) continue
    const named = Object.fromEntries(Object.entries(match.groups ?? {}).filter(([, value]) => value !== undefined))
    const filled = (text: string) =>
      text.replace(/\{(\w+)\}/g, (hole, name: string) => (name === 'vmid' ? vmid : (named[name] ?? hole)))
    return { id: one.id, means: filled(one.means), cure: filled(one.cure), named }
  }
  return null
}

/** The findings that messages prove, for the check that they exist. */
export const rulesOfMessages: readonly string[] = [...new Set(messages.map(({ rule }) => rule))]
