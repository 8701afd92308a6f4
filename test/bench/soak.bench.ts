import { join } from 'node:path'
import { expect, test } from 'vitest'
import { measured, mib } from './figures.ts'
import type { Soaked } from './soak-bot.ts'
import { startServers } from './start-servers.ts'

const NODE = join(import.meta.dirname, '../../node_modules/.bin/node')
const COUNT = Number(process.env.SOAK ?? 10_000)

test(`${COUNT} diagnoses of nodes that drop the connection, hang and flood: nothing grows, nothing is stuck`, async () => {
  const servers = await startServers(100, 'moody')
  try {
    const { code, stdout, stderr } = await measured(
      NODE,
      ['--expose-gc', join(import.meta.dirname, 'soak-bot.ts'), String(COUNT)],
      { input: JSON.stringify(servers.said) },
    )
    expect(code, stderr).toBe(0)
    const { seconds, reports, errors, bugs, heap, resident, left } = JSON.parse(stdout) as Soaked
    console.log(
      `${COUNT} diagnoses in ${seconds.toFixed(0)} s: ${reports} reports, ${JSON.stringify(errors)}\n` +
        `heap after every tenth: ${heap.map(mib).join(', ')}\nresident: ${resident.map(mib).join(', ')}\nleft: ${left.join(', ') || 'nothing'}`,
    )
    expect(bugs).toEqual([])
    expect(reports + Object.values(errors).reduce((sum, one) => sum + one, 0)).toBe(COUNT)
    expect(Object.keys(errors)).toEqual(expect.arrayContaining(['node-unreachable', 'size-limit', 'time-limit']))
    // From the second tenth on: the first compiles and fills what is filled once.
    expect(heap.at(-1) ?? 0).toBeLessThan((heap[1] ?? 0) * 1.2)
    expect(left).toEqual([])
  } finally {
    await servers.close()
  }
})
