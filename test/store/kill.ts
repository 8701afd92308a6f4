import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'

/** Starts a writer, kills it (-9) at some moment, reads what is there; so many times. Nothing confirmed may be missing. */
export const killAgainAndAgain = async (kind: string, file: string, times: number, read: () => Promise<number>) => {
  let confirmed = 0
  for (let round = 0; round < times; round++) {
    const writer = spawn(process.execPath, [new URL('./writer.ts', import.meta.url).pathname, kind, file])
    let trouble = ''
    writer.stderr.on('data', (chunk) => (trouble += chunk))
    const gone = new Promise((resolve) => writer.once('close', resolve))
    const lines = createInterface(writer.stdout)
    const going = new Promise<void>((resolve) => lines.once('line', () => resolve()))
    lines.on('line', (line) => {
      confirmed = Number(line)
    })
    await Promise.race([going, gone])
    await sleep(Math.random() * 30)
    writer.kill('SIGKILL')
    await gone
    expect(trouble).toBe('')
    expect(await read()).toBeGreaterThanOrEqual(confirmed)
  }
  return confirmed
}
