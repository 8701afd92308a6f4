import { z } from 'zod'
import { defineProbe, NotLearned } from '../probe.ts'
import { snippetFile } from '../script.ts'
import { filled, looked } from '../text.ts'

/** The Proxmox VE version; `manager` is null on a node without Proxmox. `packages` is empty when only the first line was taken. */
export const PveVersion = z.object({
  manager: z.string().nullable(),
  running: z.string().nullable(),
  packages: z.record(z.string(), z.string()),
})
export type PveVersion = z.infer<typeof PveVersion>

export const pveversion = defineProbe({
  name: 'pveversion',
  snippet: snippetFile('pveversion'),
  slow: true,
  seconds: 20,
  schema: PveVersion,
  parse: parse,
})

function parse(text: string): PveVersion {
  const said = filled(looked(text)).map((line) => line.trim())
  const packages: Record<string, string> = {}
  let manager: string | null = null
  let running: string | null = null
  for (const line of said) {
    running ??= /\(running kernel: ([^)\s]+)\)/.exec(line)?.[1] ?? null
    manager ??= /^pve-manager\/([^/\s]+)/.exec(line)?.[1] ?? null
    const [, name, version] = /^([a-z0-9][a-z0-9+.-]*): (\d\S*)/.exec(line) ?? []
    if (name === 'pve-manager') manager ??= version ?? null
    if (name !== undefined && version !== undefined) packages[name] = version
  }
  if (said.length > 0 && manager === null && Object.keys(packages).length === 0) {
    throw new NotLearned('no version in it')
  }
  return { manager, running, packages }
}
