import { z } from 'zod'
import type { Change } from '../changes/change.ts'
import type { Core, NodeInfo } from '../core.ts'
import { parseTarget, type Target } from '../diagnosis/target.ts'
import { isRefusal, OperatorError } from '../errors.ts'
import { didYouMean } from './nearest.ts'

/**
 * The words behind a command as an object: `words(['node'], ['target'])` needs one word and takes a second.
 * Problems say what was expected and what came.
 */
export const words = <const N extends string, const O extends string = never>(
  needed: readonly N[],
  possible: readonly O[] = [],
) =>
  z.array(z.string()).transform((typed, context): { [K in N]: string } & { [K in O]: string | undefined } => {
    const names = [...needed, ...possible]
    for (const name of needed.slice(typed.length)) context.addIssue(`expected a ${name}, got nothing`)
    if (typed.length > names.length)
      context.addIssue(`expected ${names.length || 'no'} word(s), got ${typed.length}: ${typed.join(' ')}`)
    return Object.fromEntries(names.map((name, index) => [name, typed[index]])) as never
  })

/** The target that was typed, or null where none was; one that cannot be read is a problem of the words. */
export function targetIn(typed: string | undefined, context: { addIssue(problem: string): void }): Target | null {
  const target = typed === undefined ? null : parseTarget(typed)
  if (!isRefusal(target)) return target
  context.addIssue(`${target.refused}; ${target.hint}`)
  return null
}

/** The words `<node> [target]`. */
export const nodeAndTarget = words(['node'], ['target']).transform(({ node, target }, context) => ({
  node,
  target: targetIn(target, context),
}))

/** The word `[how many]` of a list: from 1 to 100, 10 where none was typed. */
export const howMany = words([], ['count']).transform(({ count = '10' }, context) => {
  const most = Number(count)
  if (!Number.isInteger(most) || most < 1 || most > 100)
    context.addIssue(`expected a number from 1 to 100, got ${count}`)
  return { most }
})

/** `90s`, `30m`, `2h`, `1d` in seconds; undefined for anything else. */
export function secondsOf(typed: string): number | undefined {
  const [, count, unit] = /^([1-9]\d{0,4})([smhd])$/i.exec(typed) ?? []
  const seconds = { s: 1, m: 60, h: 3600, d: 86_400 }[unit?.toLowerCase() ?? '']
  return count === undefined || seconds === undefined ? undefined : Number(count) * seconds
}

/** The node of that name, whatever its case; else an error that names the nearest. */
export function nodeNamed(nodes: readonly NodeInfo[], typed: string): NodeInfo {
  const node =
    nodes.find(({ name }) => name === typed) ?? nodes.find(({ name }) => name.toLowerCase() === typed.toLowerCase())
  if (node) return node
  const names = nodes.map(({ name }) => name)
  throw new OperatorError('node-unknown', `there is no node "${typed}" in the configuration`, {
    hint: didYouMean(typed, names) ?? `the nodes are: ${names.join(', ') || 'none'}`,
  })
}

/** `all`, `label:<label>` or the name of one node: those it means; else an error that says what there is. */
export function nodesNamed(nodes: readonly NodeInfo[], typed: string): readonly NodeInfo[] {
  if (typed.toLowerCase() === 'all') return nodes
  const label = /^label:(.*)$/i.exec(typed)?.[1]
  if (label === undefined) return [nodeNamed(nodes, typed)]
  const labelled = nodes.filter(({ labels }) => labels.includes(label))
  if (labelled.length > 0) return labelled
  const known = [...new Set(nodes.flatMap(({ labels }) => labels))]
  throw new OperatorError('node-unknown', `no node has the label "${label}"`, {
    hint: known.length ? (didYouMean(label, known) ?? `the labels are: ${known.join(', ')}`) : LABEL_HINT,
  })
}
const LABEL_HINT = 'labels are given in the configuration: nodes: { node3: { …, labels: [gpu] } }'

/** The words that mean several of these nodes. */
export const groupsOf = (nodes: readonly NodeInfo[]): string[] => [
  'all',
  ...new Set(nodes.flatMap(({ labels }) => labels.map((label) => `label:${label}`))),
]

/** Whether a word means several nodes. */
export const isGroup = (typed: string): boolean => /^(all$|label:)/i.test(typed)

/** The change of that id, live or closed; else an error that names the live ones. */
export async function changeNamed(core: Pick<Core, 'change' | 'live'>, typed: string): Promise<Change> {
  const change = (await core.change(typed)) ?? (await core.change(typed.toLowerCase()))
  if (change) return change
  const ids = (await core.live()).map(({ id }) => id)
  throw new OperatorError('not-found', `there is no change "${typed}"`, {
    hint: ids.length
      ? `what is under way: ${ids.join(', ')}; /pcie history lists what was`
      : 'nothing is under way; /pcie history shows what was',
  })
}
