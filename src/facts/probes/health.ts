import { z } from 'zod'
import { defineProbe, NotLearned } from '../probe.ts'
import { snippetFile } from '../script.ts'
import { content, pairs, whole } from '../text.ts'

/** How the node does its job, for the comparison before and after a trial. `system`: what systemd says of the boot (`starting`, `running`, `degraded` …). */
export const Health = z.object({
  /** `address`: the BDF of the PCI device behind it, where there is one. */
  nics: z.array(z.object({ name: z.string(), mac: z.string(), state: z.string(), address: z.string().nullable() })),
  bridges: z.array(z.object({ name: z.string(), ports: z.array(z.string()) })),
  mounts: z.array(z.object({ target: z.string(), fs: z.string(), readOnly: z.boolean() })),
  failedUnits: z.array(z.string()),
  /** DMA faults in the kernel log of this boot. */
  dmaFaults: z.number().int(),
  system: z.string(),
})
export type Health = z.infer<typeof Health>

export const health = defineProbe({
  name: 'health',
  snippet: snippetFile('health'),
  schema: Health,
  parse,
})

function parse(text: string): Health {
  const said = pairs(content(text))
  const all = (key: string) => said.flatMap(([name, value]) => (name === key && value ? [value.split(/\s+/)] : []))
  const faults = whole(said.find(([name]) => name === 'dma-faults')?.[1])
  const system = said.find(([name]) => name === 'system')?.[1]
  if (faults === null || !system) throw new NotLearned('the output is not complete: no system or dma-faults line')
  return {
    nics: all('nic').map(([name = '', mac = '', state = '', address]) => ({
      name,
      mac,
      state,
      address: address ?? null,
    })),
    bridges: all('bridge').map(([name = '', ...ports]) => ({ name, ports })),
    mounts: all('mount').map(([target = '', fs = '', mode]) => ({ target, fs, readOnly: mode === 'ro' })),
    failedUnits: all('failed-unit').map(([unit = '']) => unit),
    dmaFaults: faults,
    system,
  }
}
