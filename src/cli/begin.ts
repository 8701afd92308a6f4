import { createInterface } from 'node:readline/promises'
import type { Config } from '../config.ts'
import { hintOf, OperatorError, wordsOf } from '../errors.ts'
import { hostKeysOf } from '../reach.ts'
import { init, nextSteps } from './init.ts'
import { trust } from './trust.ts'

/** The first hour: a configuration from answers, the host keys of its nodes, and what to do next. A node that cannot be trusted yet holds nothing up. */
export async function begin(
  file: string,
  configOf: (flags: { config: string }, env: Readonly<Record<string, string>>) => Config,
  say: (line: string) => void,
): Promise<void> {
  const ask = answersFrom(process.stdin, process.stderr)
  const nodes = await init({ file, ask: ask.next, say })
  // The tokens come later; the nodes can be trusted now.
  const config = configOf({ config: file }, { SLACK_BOT_TOKEN: '-', SLACK_APP_TOKEN: '-', DISCORD_TOKEN: '-' })
  for (const node of nodes) {
    const yes = async (question: string) => /^y(es)?$/i.test(await ask.next(question))
    await trust(config, node, hostKeysOf(config), { yes: false, say, ask: yes }).catch((error: unknown) => {
      say(`${node} is not trusted yet: ${wordsOf(error)}`)
      say(`  what to do: ${hintOf(error) ?? `npm run lanekeeper -- trust ${node}`}`)
    })
  }
  ask.close()
  say('')
  for (const step of nextSteps(nodes, { slack: config.slack !== null, discord: config.discord !== null })) say(step)
}

/** One line for each question, from a person or a pipe. The end of the input is an error, not an answer. */
function answersFrom(input: NodeJS.ReadableStream, output: NodeJS.WritableStream) {
  const lines = createInterface({ input })
  const waiting: string[] = []
  let wake: (() => void) | undefined
  let over = false
  const rouse = () => {
    wake?.()
    wake = undefined
  }
  lines.on('line', (line) => {
    waiting.push(line.trim())
    rouse()
  })
  lines.on('close', () => {
    over = true
    rouse()
  })
  return {
    async next(question: string): Promise<string> {
      output.write(question)
      while (waiting.length === 0 && !over) await new Promise<void>((resolve) => (wake = resolve))
      const line = waiting.shift()
      if (line !== undefined) return line
      throw new OperatorError('usage', 'the answers ended before the questions', {
        hint: 'start again: lanekeeper init',
      })
    },
    close: () => lines.close(),
  }
}
