import { z } from 'zod'
import { defineProbe } from '../probe.ts'
import { snippetFile } from '../script.ts'
import { keyed, lines, looked, yesNo } from '../text.ts'

/** GRUB's environment block, and what stands under /boot: can GRUB write there, is custom.cfg sourced. Keys as printed; null = not shown. `customSha256` is `absent` where there is no custom.cfg. */
export const GrubEnv = z.object({
  variables: z.record(z.string(), z.string()),
  bootSource: z.string().nullable(),
  bootUuid: z.string().nullable(),
  bootFs: z.string().nullable(),
  /** Kernel names of the disks that it lies on, through LVM, md and crypt; null = not known. */
  bootDisks: z.array(z.string()).nullable(),
  bootStack: z.enum(['plain', 'lvm', 'raid', 'crypt', 'other']).nullable(),
  bootWritable: z.boolean().nullable(),
  grubDefault: z.string().nullable(),
  customSha256: z.string().nullable(),
  customSourced: z.boolean().nullable(),
  tools: z.array(z.string()),
})
export type GrubEnv = z.infer<typeof GrubEnv>

export const grubEnv = defineProbe({
  name: 'grub-env',
  snippet: snippetFile('grub-env'),
  schema: GrubEnv,
  parse,
})

const STACKS = ['plain', 'lvm', 'raid', 'crypt', 'other'] as const

function parse(text: string): GrubEnv {
  const key = keyed(looked(text))
  const variables: Record<string, string> = {}
  for (const line of lines(text)) {
    const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/.exec(line) ?? []
    if (name !== undefined && value !== undefined) variables[name] = value
  }
  return {
    variables,
    bootSource: key('boot-source'),
    bootUuid: key('boot-uuid'),
    bootFs: key('boot-fs'),
    bootDisks: key('boot-disks')?.split(/\s+/) ?? null,
    bootStack: STACKS.find((stack) => stack === key('boot-stack')) ?? null,
    bootWritable: yesNo(key('boot-writable')),
    grubDefault: key('grub-default'),
    customSha256: key('custom-cfg'),
    customSourced: yesNo(key('custom-sourced')),
    tools: key('tools')?.split(/\s+/) ?? [],
  }
}
