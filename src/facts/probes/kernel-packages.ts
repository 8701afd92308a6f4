import { z } from 'zod'
import { defineProbe } from '../probe.ts'
import { snippetFile } from '../script.ts'
import { filled, looked } from '../text.ts'

/**
 * Kernel packages that an operator has put into /var/lib/lanekeeper/packages, each with the sha256 that lies beside it in
 * `<file>.sha256` (null = none lies there). `release` as `uname -r` will print it.
 */
export const KernelPackages = z.array(
  z.object({
    path: z.string(),
    sha256: z.string().nullable(),
    name: z.string(),
    version: z.string(),
    release: z.string(),
  }),
)
export type KernelPackages = z.infer<typeof KernelPackages>

export const kernelPackages = defineProbe({
  name: 'kernel-packages',
  snippet: snippetFile('kernel-packages'),
  schema: KernelPackages,
  parse,
})

function parse(text: string): KernelPackages {
  return filled(looked(text)).flatMap((line) => {
    const [, path, sum = '', name = '', version = ''] =
      /^deb: (\/var\/lib\/lanekeeper\/packages\/[\w.+~-]+\.deb) (\S+) (\S+) (\S+)\s*$/.exec(line) ?? []
    const release = /^(?:pve|proxmox)-kernel-(\d+\.\d+\.\d+-\S+?)(?:-signed)?$/.exec(name)?.[1]
    if (path === undefined || release === undefined) return []
    return [{ path, sha256: /^[0-9a-f]{64}$/.test(sum) ? sum : null, name, version, release }]
  })
}
