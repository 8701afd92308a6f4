import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { lockDataFolder } from '../../src/store/lock.ts'
import { folder } from './folder.ts'

const never = (why: Error) => {
  throw why
}
/** Another process that holds the lock and prints what happens to it. */
const holder = async (home: string): Promise<ChildProcess & { heard: string[] }> => {
  const url = new URL('../../src/store/lock.ts', import.meta.url).href
  const code = `import { lockDataFolder } from '${url}'
    await lockDataFolder('${home}', () => console.log('lost'))
    console.log('held'); setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const heard: string[] = []
  child.stdout.on('data', (chunk) => heard.push(String(chunk).trim()))
  await once(child.stdout, 'data')
  return Object.assign(child, { heard })
}

test('a second one is refused with the name of the holder, and let in after the release', async () => {
  const home = join(folder(), 'state')
  const release = await lockDataFolder(home, never)
  const second = lockDataFolder(home, never)
  await expect(second).rejects.toMatchObject({ code: 'store-locked', hint: expect.stringContaining('Stop that one') })
  await expect(second).rejects.toThrow(`process ${process.pid} on ${hostname()} since 20`)
  await release()
  await (await lockDataFolder(home, never))()
}, 30_000)

test('another process is refused soon, while the holder lives', async () => {
  const home = folder()
  const child = await holder(home)
  const start = Date.now()
  await expect(lockDataFolder(home, never)).rejects.toThrow(`process ${child.pid}`)
  expect(Date.now() - start).toBeLessThan(8000)
}, 30_000)

test('what a killed holder left is taken over by itself', async () => {
  const home = folder()
  const child = await holder(home)
  child.kill('SIGKILL')
  await once(child, 'exit')
  const start = Date.now()
  const release = await lockDataFolder(home, never)
  expect(Date.now() - start).toBeLessThan(20_000)
  await release()
}, 30_000)

test('a holder that slept too long is told that it has lost', async () => {
  const home = folder()
  const child = await holder(home)
  child.kill('SIGSTOP')
  const release = await lockDataFolder(home, never)
  child.kill('SIGCONT')
  await expect.poll(() => child.heard, { timeout: 5000 }).toEqual(['held', 'lost'])
  await release()
}, 20_000)

test('a holder whose lock was deleted is told', async () => {
  const home = folder()
  const lost: string[] = []
  await lockDataFolder(home, (why) => lost.push(why.message))
  rmSync(join(home, 'lanekeeper.lock'), { recursive: true })
  await expect.poll(() => lost, { timeout: 5000 }).toHaveLength(1)
}, 10_000)
