import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { OperatorError } from '../../src/errors.ts'
import { NodeAccess } from '../../src/ssh/access.ts'
import type { HostKeys } from '../../src/ssh/host-keys.ts'
import type { SshLimits } from '../../src/ssh/limits.ts'
import { createSshTransport } from '../../src/ssh/ssh-transport.ts'
import { FAKE_HOST_KEY, newKey } from './fake-server.ts'

/** Pinned keys in memory. */
export const pinned = (keys: Record<string, string>): HostKeys => ({
  get: async (name) => keys[name] ?? null,
  pin: async (name, key) => {
    keys[name] = key
  },
})

/** A folder with a private key in it, gone after the test. */
export const keyFile = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'lanekeeper-ssh-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'key')
  writeFileSync(file, newKey().private)
  return file
}

/** A transport that knows one node, `pve1`, at this port of loopback. */
export const transportTo = (port: number, limits: Partial<SshLimits> = {}, more: Partial<NodeAccess> = {}) => {
  const access = NodeAccess.parse({ host: '127.0.0.1', port, keyFile: keyFile(), ...more })
  const transport = createSshTransport({ nodes: { pve1: access }, hostKeys: pinned({ pve1: FAKE_HOST_KEY }), limits })
  onTestFinished(() => transport.close())
  return transport
}

export const LONG = { timeoutMs: 20_000, maxBytes: 1 << 20 }

/** The error a run ends with, which must be one for operators. */
export const refused = async (run: Promise<unknown>) => {
  const error = await run.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!(error instanceof OperatorError)) throw new Error(`expected an OperatorError, got ${error}`)
  return error
}
