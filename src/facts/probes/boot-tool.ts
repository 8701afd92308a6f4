import { z } from 'zod'
import { defineProbe, NotLearned } from '../probe.ts'
import { snippetFile } from '../script.ts'
import { content, lines } from '../text.ts'

/** What `proxmox-boot-tool status` says. `managed`: it keeps the ESPs of this node. */
export const BootTool = z.object({
  managed: z.boolean(),
  booted: z.enum(['uefi', 'bios']).nullable(),
  esps: z.array(
    z.object({
      uuid: z.string(),
      loaders: z.array(z.object({ kind: z.enum(['uefi', 'grub']), versions: z.array(z.string()) })),
    }),
  ),
  warnings: z.array(z.string()),
})
export type BootTool = z.infer<typeof BootTool>

export const bootTool = defineProbe({
  name: 'boot-tool',
  snippet: snippetFile('boot-tool'),
  schema: BootTool,
  parse,
})

/** Which listed ESP is not there, or cannot be mounted, where a warning says so: a refresh passes over it, and reports success (FACTS 1.2). */
export function missingEsp(
  warning: string,
): { readonly uuid: string; readonly why: 'absent' | 'unmountable' } | undefined {
  const [, absent] = /by-uuid\/(\S+) does not exist/.exec(warning) ?? []
  const [, unmountable] = /^mount of \S*by-uuid\/(\S+) failed/.exec(warning) ?? []
  const uuid = absent ?? unmountable
  return uuid === undefined ? undefined : { uuid, why: absent === undefined ? 'unmountable' : 'absent' }
}

function parse(text: string): BootTool {
  const said = lines(content(text)).map((line) => line.trim())
  const all = said.join('\n')
  const unmanaged = /^E: \S*proxmox-boot-uuids does not exist/m.test(all)
  const booted = /currently booted with (uefi|legacy bios)/.exec(all)?.[1]
  const esps = said.flatMap((line) => {
    const [, uuid, rest = ''] = /^([0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}) is configured with: (.*)$/.exec(line) ?? []
    return uuid === undefined ? [] : [{ uuid, loaders: loadersOf(rest) }]
  })
  if (!unmanaged && booted === undefined && esps.length === 0) throw new NotLearned(said[0] ?? 'nothing in it')
  return {
    managed: !unmanaged,
    booted: booted === undefined ? null : booted === 'uefi' ? 'uefi' : 'bios',
    esps,
    warnings: said.filter(
      (line) => /^(?:(?:WARN|W|E|ERROR):|mount of )/i.test(line) && !/^E: \S*proxmox-boot-uuids does/.test(line),
    ),
  }
}

function loadersOf(text: string): BootTool['esps'][number]['loaders'] {
  return [...text.matchAll(/\b(uefi|grub) \(versions: ([^)]*)\)/g)].map(([, kind, versions = '']) => ({
    kind: kind === 'uefi' ? 'uefi' : 'grub',
    versions: versions.split(/,\s*/).filter(Boolean),
  }))
}
