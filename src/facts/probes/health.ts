import { z } from 'zod'
import { defineProbe, NotLearned } from '../probe.ts'
import { snippetFile } from '../script.ts'
import { content, pairs, whole } from '../text.ts'

/** How the node does its job, for the comparison before and after a trial: NICs, bridges, mounts, failed units, DMA faults in the kernel log. */
export const Health = z.object({
  nics: z.array(z.object({ name: z.string(), mac: z.string(), state: z.string() })),
  bridges: z.array(z.object({ name: z.string(), ports: z.array(z.string()) })),
  mounts: z.array(z.object({ target: z.string(), fs: z.string() })),
  failedUnits: z.array(z.string()),
  dmaFaults: z.number().int(),
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
  if (faults === null) throw new NotLearned('the output is not complete: no dma-faults line')
  return {
    nics: all('nic').map(([name = '', mac = '', state = '']) => ({ name, mac, state })),
    bridges: all('bridge').map(([name = '', ...ports]) => ({ name, ports })),
    mounts: all('mount').map(([target = '', fs = '']) => ({ target, fs })),
    failedUnits: all('failed-unit').map(([unit = '']) => unit),
    dmaFaults: faults,
  }
}
