import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, type TestContext } from 'vitest'
import { askFor, shows } from '../journeys/room.ts'
import { type Bot, startBot } from './bot.ts'
import { type LabNode, type LabOptions, startLabNode } from './node.ts'

const table: { node: string; situation: string; end: string; arguments: string }[] = []

/** A node and a bot for it, both gone when the journey ends. `prepare`, if any, makes another kind of node of it, which is rebooted then. */
export async function lab(
  { onTestFinished }: TestContext,
  options: LabOptions,
  policy: Record<string, number | string> = {},
  prepare = '',
) {
  const node = await startLabNode({ log: console.log, ...options })
  onTestFinished(() => node.stop())
  if (prepare !== '') {
    const was = await node.bootId()
    await prepared(node, prepare)
    // The connection may end with the node.
    await node.exec('systemctl --no-block reboot').catch(() => {})
    await node.waitForSsh({ notBoot: was })
  }
  const bot = await startBot(node, policy)
  onTestFinished(() => bot.close())
  return { node, bot }
}

/** Runs a script on the node that has to get to its end. */
export async function prepared(node: LabNode, script: string): Promise<void> {
  const { code, stderr } = await node.exec(script)
  expect(code, stderr).toBe(0)
}

afterAll(() => {
  if (table.length > 0) console.table(table)
})

export const line = async (node: LabNode) => (await node.exec('cat /proc/cmdline')).stdout.trim()
export const boots = async (node: LabNode) =>
  Number((await node.exec('journalctl --list-boots --no-pager | wc -l')).stdout)

/** Diagnoses node3 and approves what the card offers. */
export async function approved({ room }: Bot) {
  room.say('/as operator')
  const { message, change, text } = await askFor(room, '/pcie diagnose node3', 120)
  room.say('/as approver')
  room.say(`+ ${message}`)
  return { message, change, text }
}

/** How the change ends, as its card says; kept in the table that is printed when the journeys are through. */
export async function ending({ room }: Bot, node: LabNode, change: string, of: { node: string; situation: string }) {
  const { card } = await room.until('the end', shows('closed', change), 900)
  const args = (await line(node)).split(' ').filter((word) => /iommu/.test(word))
  table.push({ ...of, end: card.title, arguments: args.join(' ') })
  return card
}

/** Waits until a trial boot stands still, as it was ordered to. */
export async function hangs(node: LabNode): Promise<void> {
  while (!(await readFile(node.serialLog, 'latin1')).includes('lab: hangs')) await sleep(1000)
}

/** Deadlines for trials that go wrong: short, since the guard's is waited for. A good trial beside another node needs up to 90 seconds. */
export const impatient = { guardDeadline: 150, settle: 115 }

/** Everything that may happen to a trial: after each, the node runs the line and has the boot files (`files` tells them) it had before. */
export async function survivesEveryFault(
  { node, bot }: { node: LabNode; bot: Bot },
  name: string,
  files: () => Promise<string>,
): Promise<void> {
  const state = async () => `${await line(node)}\n${await files()}`
  const before = await state()
  for (const [what, situation] of [
    ['hang', 'hang, power cycle'],
    ['no-root', 'no root, panic=30'],
    ['no-network', 'lost network'],
  ] as const) {
    node.sabotage(what)
    const { change } = await approved(bot)
    if (what === 'hang') {
      await hangs(node)
      node.powerCycle()
    }
    const { text } = await ending(bot, node, change, { node: name, situation })
    expect(text).toMatch(/went back by itself|reverted/i)
    expect(await state()).toBe(before)
  }
  node.sabotage(undefined)
}

/** The permanent configuration really is what boots after a power cut, without the trial. */
export async function bootsForGood(node: LabNode): Promise<void> {
  const trial = await node.bootId()
  node.powerCycle()
  await node.waitForSsh({ notBoot: trial })
  expect(await line(node)).not.toMatch(/iommu=off/)
  expect(await line(node)).not.toContain('lanekeeper.trial')
}

/** Taken back as a person would, without the bot. */
export async function undoneByHand(node: LabNode, change: string): Promise<void> {
  expect((await node.exec(`sh /var/lib/lanekeeper/${change}/undo.sh`)).stdout).toContain('done')
}
