import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

/** The median of some figures. */
export const median = (figures: readonly number[]): number =>
  figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? Number.NaN

/** The figure below which that part of them (0 to 1) lies. */
export const quantile = (figures: readonly number[], part: number): number =>
  figures.toSorted((a, b) => a - b)[Math.min(figures.length - 1, Math.floor(figures.length * part))] ?? Number.NaN

/** Milliseconds that an act takes, several times, the others in between: whatever else the machine does meets all alike. */
export async function alternating(rounds: number, acts: Readonly<Record<string, () => Promise<unknown>>>) {
  const took = new Map(Object.keys(acts).map((name) => [name, [] as number[]]))
  for (let round = 0; round < rounds; round++)
    for (const [name, act] of Object.entries(acts)) {
      const began = performance.now()
      await act()
      took.get(name)?.push(performance.now() - began)
    }
  return Object.fromEntries([...took].map(([name, figures]) => [name, { median: median(figures), figures }]))
}

/** What is compared, and with what. `goal`: what was aimed at, in words. */
export interface Row {
  readonly figure: string
  readonly ours: string
  readonly beside: string
  readonly ratio: string
  readonly goal: string
  readonly met: boolean | string
}

export const ms = (figure: number): string => `${figure.toFixed(figure < 10 ? 1 : 0)} ms`
export const mib = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`

/** Runs a program to its end: seconds, and with `sampled` the most memory that it and its children held at once (PSS); looking costs time. */
export async function measured(
  command: string,
  args: readonly string[],
  { input = '', env = process.env, sampled = false } = {},
) {
  const began = performance.now()
  const child = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (bytes) => {
    stdout += bytes
  })
  child.stderr.on('data', (bytes) => {
    stderr += bytes
  })
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  let memory = 0
  const look = () => {
    memory = Math.max(memory, pssOf(child.pid ?? 0))
  }
  const sample = sampled ? setInterval(look, 100) : undefined
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  clearInterval(sample)
  return { seconds: (performance.now() - began) / 1000, memory, code, stdout, stderr }
}

/** Proportional set size of a process and all below it, in bytes. */
function pssOf(pid: number): number {
  const parents = new Map<number, number[]>()
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    const stat = read(`/proc/${entry}/stat`)
    const parent = Number(/\) \S (\d+)/.exec(stat)?.[1] ?? 0)
    parents.set(parent, [...(parents.get(parent) ?? []), Number(entry)])
  }
  const tree = [pid]
  for (const one of tree) tree.push(...(parents.get(one) ?? []))
  return tree.reduce(
    (sum, one) => sum + Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${one}/smaps_rollup`))?.[1] ?? 0) * 1024,
    0,
  )
}

const read = (file: string): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
