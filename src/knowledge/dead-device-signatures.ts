import { z } from 'zod'
import table from '../../data/dead-device-signatures.json' with { type: 'json' }

const Signature = z.strictObject({
  id: z.string(),
  probe: z.enum(['kernel-log', 'tasks', 'lspci', 'lspci-caps', 'pci-sysfs']),
  pattern: z.string().transform((text) => new RegExp(text, 'i')),
  sure: z.boolean(),
  means: z.string(),
  helps: z.array(z.string()).min(1),
  source: z.url({ protocol: /^https$/ }),
})
const Advice = z.strictObject({
  id: z.string(),
  text: z.string(),
  done: z.string().optional(),
  source: z.url({ protocol: /^https$/ }),
})
const Table = z.strictObject({ signatures: z.array(Signature), advice: z.array(Advice) })

/** How a device that no longer answers shows itself. What is not `sure` also happens to healthy devices and only supports. */
export type DeadSignature = z.infer<typeof Signature>

const { signatures, advice } = Table.parse(table)

/** Every signature, the most telling first. */
export const deadSignatures: readonly DeadSignature[] = signatures

/** The signatures that a text of this probe shows. */
export const signaturesIn = (probe: DeadSignature['probe'], text: string): readonly DeadSignature[] =>
  deadSignatures.filter((one) => one.probe === probe && one.pattern.test(text))

/** What helps against these signatures, in whole sentences, for one device (a BDF). `idleAwake`: disable_idle_d3 is set already. */
export function whatHelps(found: readonly DeadSignature[], device: string, idleAwake: boolean): string {
  const wanted = new Set(found.flatMap(({ helps }) => helps))
  return advice
    .filter(({ id }) => wanted.has(id))
    .map(({ text, done }) => (idleAwake && done !== undefined ? done : text).replaceAll('{device}', device))
    .join(' ')
}
