/** The processors of a list as the kernel and Proxmox write it (`0-3,8`), in order; null where it does not read like one. */
export function cpusIn(list: string): number[] | null {
  if (list.trim() === '') return []
  const cpus = new Set<number>()
  for (const part of list.trim().split(',')) {
    const [, first, last] = /^\s*(\d{1,5})(?:-(\d{1,5}))?\s*$/.exec(part) ?? []
    if (first === undefined) return null
    for (let cpu = Number(first); cpu <= Number(last ?? first); cpu++) cpus.add(cpu)
  }
  return [...cpus].toSorted((one, other) => one - other)
}

/** Processors as a list, runs of neighbours as `0-3`. */
export function cpuList(cpus: readonly number[]): string {
  const runs: [number, number][] = []
  for (const cpu of [...cpus].toSorted((one, other) => one - other)) {
    const last = runs.at(-1)
    if (last && last[1] === cpu - 1) last[1] = cpu
    else runs.push([cpu, cpu])
  }
  return runs.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',')
}
