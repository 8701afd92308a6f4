import type { Core } from '../core.ts'

/** Tells reboots of the bot's own changes from those of others, also where a change is closed before the node is watched again. */
export function createOwnReboots(nodes: readonly string[], live: Core['live']) {
  /** Whether a change is at work on the node at this moment. */
  const now = async (node: string): Promise<boolean> =>
    (await live()).some(({ plan, state }) => plan.node === node && state !== 'proposed')
  const asked = (node: string): Promise<boolean> => now(node).catch(() => false)
  /** Whether one was when the node went; at first, when the bot started. */
  const whenItWent = new Map(nodes.map((node) => [node, asked(node)]))
  return {
    now,
    went: (node: string): void => void whenItWent.set(node, asked(node)),
    /** Whether the newest boot of the node is one of ours. */
    newest: async (node: string): Promise<boolean> => (await now(node)) || (await whenItWent.get(node)) === true,
  }
}
