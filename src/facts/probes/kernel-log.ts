import { z } from 'zod'
import { defineProbe, NotLearned } from '../probe.ts'
import { snippetFile } from '../script.ts'
import { content, filled, isRefusal } from '../text.ts'

/** Kernel messages of this boot that matter, without their time stamps. `reachesBoot`: the log begins at the boot, so that what is absent from it was not said. */
export const KernelLog = z.object({ lines: z.array(z.string()), reachesBoot: z.boolean() })
export type KernelLog = z.infer<typeof KernelLog>

export const kernelLog = defineProbe({
  name: 'kernel-log',
  snippet: snippetFile('kernel-log'),
  slow: true,
  seconds: 20,
  maxBytes: 1024 * 1024,
  whenCut: (log) => ({ ...log, reachesBoot: false }),
  schema: KernelLog,
  parse,
})

const STAMPS = [
  /^\[\s*(?<time>\d+\.\d+)\](?:\[\s*[TC]\d+\])?\s?(?:\S+ kernel: )?/,
  /^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S+ kernel: (?:\[\s*(?<time>\d+\.\d+)\]\s?)?/,
  /^\d{4}-\d\d-\d\dT\S+ \S+ kernel: (?:\[\s*(?<time>\d+\.\d+)\]\s?)?/,
  /^\[[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}\] /,
]

function parse(text: string): KernelLog {
  const raw = filled(content(text)).filter((line) => !line.startsWith('-- '))
  if (raw.length === 0) throw new NotLearned('the log is empty')
  if (raw.every(isRefusal)) throw new NotLearned(`could not look: ${raw[0]?.trim()}`)
  const all = raw.map(stripped)
  // A file may hold several boots; the last one counts.
  const boot = all.findLastIndex(({ line }) => line.startsWith('Linux version '))
  const here = boot === -1 ? all : all.slice(boot)
  const begins = /^0\.0+$/.test(here[0]?.time ?? '') || boot !== -1 || here.some(saysCommandLine)
  return { lines: here.map(({ line }) => line), reachesBoot: begins }
}

interface Stripped {
  readonly time: string | undefined
  readonly stamped: boolean
  readonly line: string
}

function stripped(raw: string): Stripped {
  const whole = raw.replace(/^<\d{1,3}>/, '')
  for (const stamp of STAMPS) {
    const found = stamp.exec(whole)
    if (found) return { time: found.groups?.time, stamped: true, line: whole.slice(found[0].length).trimEnd() }
  }
  return { time: undefined, stamped: false, line: whole.trimEnd() }
}

const saysCommandLine = ({ stamped, line }: Stripped): boolean =>
  !stamped && /^(?:Kernel )?[Cc]ommand line: /.test(line)
