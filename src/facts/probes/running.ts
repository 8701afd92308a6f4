import { z } from 'zod'
import { defineProbe } from '../probe.ts'
import { snippetFile } from '../script.ts'
import { lines, looked } from '../text.ts'

/** Guests that run now. */
export const Running = z.array(z.object({ kind: z.enum(['qemu', 'lxc']), id: z.number().int() }))
export type Running = z.infer<typeof Running>

export const running = defineProbe({
  name: 'running',
  snippet: snippetFile('running'),
  schema: Running,
  parse,
})

function parse(text: string): Running {
  const found = new Map<string, Running[number]>()
  for (const line of lines(looked(text))) {
    const [all, kind, id] = /^\s*(qemu|lxc)\s+(\d{1,9})\s*$/.exec(line) ?? []
    if (all !== undefined) found.set(all.trim(), { kind: kind === 'lxc' ? 'lxc' : 'qemu', id: Number(id) })
  }
  return [...found.values()]
}
