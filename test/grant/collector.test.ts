import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { readFrames } from '../../src/facts/frames.ts'
import { probes } from '../../src/facts/probes.ts'
import { compileScript } from '../../src/facts/script.ts'
import { collectorScript } from '../../src/grant/collector.ts'

const NONCE = '0123456789abcdef'
const script = compileScript(probes, NONCE)

/** What each probe said of this machine, and how it ended. */
const said = (args: readonly string[], input: string) => {
  const { stdout } = spawnSync('sh', args, { input, maxBuffer: 64 * 1024 * 1024 })
  return new Map(readFrames(NONCE, stdout)?.map(({ name, exit, bytes }) => [name, `${exit} ${bytes}`]))
}

test('the collector says of a machine what the script says that it stands for', () => {
  const [plain, again] = [said(['-s'], script), said(['-s'], script)]
  const collected = said(['-c', collectorScript()], script)
  // Only what two looks agree on: a clock goes on between them.
  const steady = probes.map(({ name }) => name).filter((name) => plain.get(name) === again.get(name))
  expect(steady).toEqual(
    expect.arrayContaining(['grub-syntax', 'uname', 'os-release', 'cmdline', 'kernels', 'modules']),
  )
  for (const name of steady) expect([name, collected.get(name)]).toEqual([name, plain.get(name)])
})
