import { z } from 'zod'
import { defineProbe, NotLearned } from '../probe.ts'
import { snippetFile } from '../script.ts'
import { content, keyed, lines, whole } from '../text.ts'

/** Memory in KiB. A locked-memory limit that is unlimited is `Number.MAX_SAFE_INTEGER`. */
export const Memory = z.object({
  totalKib: z.number().nullable(),
  availableKib: z.number().nullable(),
  hugePagesTotal: z.number().nullable(),
  memlockKib: z.number().nullable(),
})
export type Memory = z.infer<typeof Memory>

export const memory = defineProbe({
  name: 'memory',
  snippet: snippetFile('memory'),
  schema: Memory,
  parse,
})

function parse(text: string): Memory {
  const key = keyed(content(text))
  const kib = (name: string) => whole(key(name)?.replace(/\s*kB$/, ''))
  const memory: Memory = {
    totalKib: kib('MemTotal'),
    availableKib: kib('MemAvailable'),
    hugePagesTotal: kib('HugePages_Total'),
    memlockKib:
      lines(text)
        .map(memlock)
        .find((limit) => limit !== null) ?? null,
  }
  if (Object.values(memory).every((value) => value === null)) throw new NotLearned('nothing of memory in it')
  return memory
}

/** From /proc/<pid>/limits (bytes), from `ulimit -l` (KiB), or from a line of `ulimit -a`. */
function memlock(line: string): number | null {
  const [, bytes] = /^Max locked memory\s+(\d{1,15}|unlimited)\b/.exec(line) ?? []
  const [, kib] = /^(?:memlock:\s*|max locked memory\s.{0,40}?\s)?(\d{1,15}|unlimited)\s*$/.exec(line) ?? []
  if (bytes === 'unlimited' || kib === 'unlimited') return Number.MAX_SAFE_INTEGER
  return bytes === undefined ? whole(kib) : Math.floor(Number(bytes) / 1024)
}
