import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createHostKeyFile } from '../../src/store/host-key-file.ts'
import { folder } from './folder.ts'

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIm1ELSJSqCGNqVfuYpjjgaX2Q2yKqbq3RTOUvUxjjMM'
const OTHER = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJm1ELSJSqCGNqVfuYpjjgaX2Q2yKqbq3RTOUvUxjjMM'

test('a pinned key is there for everybody who looks, also for another process', async () => {
  const file = join(folder(), 'state', 'host-keys.json')
  const [one, two] = [createHostKeyFile(file), createHostKeyFile(file)]
  expect(await one.get('pve1')).toBeNull()
  expect(await one.get('constructor')).toBeNull()
  await Promise.all([one.pin('pve1', KEY), one.pin('jump 10.0.0.1:22', OTHER)])
  expect(await two.get('pve1')).toBe(KEY)
  expect(await two.get('jump 10.0.0.1:22')).toBe(OTHER)
  await two.pin('pve1', OTHER)
  expect(await one.get('pve1')).toBe(OTHER)
})

test.each(['nonsense', 'ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIIm1', `${KEY} comment`, ''])('%j is no key', async (key) => {
  const keys = createHostKeyFile(join(folder(), 'host-keys.json'))
  await expect(keys.pin('pve1', key)).rejects.toMatchObject({ code: 'store-invalid' })
})

test('a spoiled file is never read as "not pinned"', async () => {
  const file = join(folder(), 'host-keys.json')
  for (const text of ['{', '{"pve1":"x"}', '[]']) {
    writeFileSync(file, text)
    await expect(createHostKeyFile(file).get('pve1')).rejects.toMatchObject({ code: 'store-invalid' })
  }
})
