import { z } from 'zod'
import { defineProbe, NotLearned } from '../probe.ts'
import { snippetFile } from '../script.ts'
import { filled, isRefusal } from '../text.ts'

/** The newest failed start tasks. `startedAt` is in seconds since 1970; `lines` is the log without its last line when that is the `TASK ERROR`, which then is `error`. */
export const Tasks = z.array(
  z.object({
    upid: z.string().nullable(),
    guest: z.number().int().nullable(),
    startedAt: z.number().nullable(),
    lines: z.array(z.string()),
    error: z.string().nullable(),
  }),
)
export type Tasks = z.infer<typeof Tasks>

export const tasks = defineProbe({
  name: 'tasks',
  snippet: snippetFile('tasks'),
  whenCut: (all) => all.slice(0, -1),
  schema: Tasks,
  parse,
})

function parse(text: string): Tasks {
  const said = filled(text)
  if (said.length > 0 && said.every(isRefusal)) throw new NotLearned(`could not look: ${said[0]?.trim()}`)
  const tasks: Tasks = []
  for (const line of said) {
    const [all, start, type, guest] =
      /^UPID:[^:\s]+:[0-9A-Fa-f]{8}:[0-9A-Fa-f]{8,9}:([0-9A-Fa-f]{8}):([^:\s]+):([^:\s]*):[^:\s]+:/.exec(line) ?? []
    if (all !== undefined && start !== undefined) {
      const id = /^\d{1,9}$/.test(guest ?? '') && /^(?:qm|vz|ha|pct)/.test(type ?? '') ? Number(guest) : null
      const error = /^\s+[0-9A-Fa-f]{8}\s+(\S.*)$/.exec(line.slice(all.length))?.[1] ?? null
      tasks.push({ upid: all, guest: id, startedAt: Number.parseInt(start, 16), lines: [], error })
      continue
    }
    if (tasks.length === 0) tasks.push({ upid: null, guest: null, startedAt: null, lines: [], error: null })
    tasks.at(-1)?.lines.push(line.trimEnd())
  }
  return tasks.map(withError)
}

function withError(task: Tasks[number]): Tasks[number] {
  const [, error] = /^TASK ERROR: (.*)$/.exec(task.lines.at(-1) ?? '') ?? []
  return error === undefined ? task : { ...task, lines: task.lines.slice(0, -1), error }
}
