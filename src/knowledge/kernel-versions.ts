/** The numbers of a kernel release, `6.14.8-2-bpo12-pve` as [6, 14, 8, 2]; empty where it does not read like one. */
const numbersOf = (release: string): number[] =>
  (/^(\d+)\.(\d+)(?:\.(\d+))?(?:-(\d+))?/.exec(release) ?? []).slice(1).map((part) => Number(part ?? 0))

/** Orders kernel releases by their numbers, older first; what stands behind them (`-pve`, `-bpo12`) does not count. */
export function compareKernels(one: string, other: string): number {
  const left = numbersOf(one)
  const right = numbersOf(other)
  const at = [0, 1, 2, 3].find((index) => (left[index] ?? -1) !== (right[index] ?? -1))
  return at === undefined ? 0 : (left[at] ?? -1) - (right[at] ?? -1)
}

/** The newest of some kernel releases, the first of equals; null of none. */
export const newestKernel = (releases: readonly string[]): string | null =>
  releases.toSorted((one, other) => compareKernels(other, one))[0] ?? null

/** Are two releases of the same series (6.8)? */
export const sameSeries = (one: string, other: string): boolean => {
  const [left, right] = [numbersOf(one), numbersOf(other)]
  return left.length > 0 && left[0] === right[0] && left[1] === right[1]
}
