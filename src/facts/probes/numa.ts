import { z } from 'zod'
import { defineProbe } from '../probe.ts'
import { fileLines, looked } from '../text.ts'

/** The NUMA nodes of the host, each with its processors as the kernel lists them (`0-7,16-23`). */
export const Numa = z.array(z.object({ node: z.number().int(), cpus: z.string() }))
export type Numa = z.infer<typeof Numa>

export const numa = defineProbe({
  name: 'numa',
  snippet: `set -- /sys/devices/system/node/node[0-9]*/cpulist
[ -e "$1" ] || exit 0
grep -H '' "$@"`,
  schema: Numa,
  parse,
})

function parse(text: string): Numa {
  return fileLines(looked(text), /^\/\S{1,100}?\/node\d{1,4}\/cpulist(?=:)/).map(({ path, line }) => ({
    node: Number(/node(\d{1,4})\/cpulist$/.exec(path)?.[1]),
    cpus: line.trim(),
  }))
}
