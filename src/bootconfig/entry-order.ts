import { proxmoxEntryName } from './loader-entry.ts'

interface Segment {
  /** How new what stands before it makes a name: a pre-release (~) the least, nothing the most. */
  readonly rank: number
  readonly text: string
}

const RANKS = ['~', '-', '^', '.', '']
const MISSING: Segment = { rank: RANKS.indexOf('~') + 0.5, text: '' }

const segmentsOf = (name: string): Segment[] =>
  [...name.matchAll(/([~^.-]?)[^A-Za-z\d~^.-]*(\d+|[A-Za-z]+)/g)].map(([, mark = '', text = '']) => ({
    rank: RANKS.indexOf(mark),
    text,
  }))

const isNumber = ({ text }: Segment): boolean => /^\d/.test(text)

/** < 0 where `one` is the older; a number is newer than letters. */
const between = (one: Segment, other: Segment): number => {
  if (one.rank !== other.rank) return one.rank - other.rank
  if (isNumber(one) !== isNumber(other)) return isNumber(one) ? 1 : -1
  if (isNumber(one)) return Number(one.text) - Number(other.text)
  return Number(one.text > other.text) - Number(one.text < other.text)
}

/**
 * Which of two entries systemd-boot puts first, as `sort` wants it: < 0 where `one` is the newer. By their names, as Proxmox's
 * entries have no sort-key, and by the rules of the UAPI version format specification.
 */
export function byNewest(one: string, other: string): number {
  const [left, right] = [segmentsOf(one), segmentsOf(other)]
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const order = between(right[at] ?? MISSING, left[at] ?? MISSING)
    if (order !== 0) return order
  }
  return 0
}

/** The kernel that `default proxmox-*` starts, of those that an ESP has an entry of. */
export const newestOf = (releases: readonly string[]): string | undefined =>
  releases.toSorted((one, other) => byNewest(proxmoxEntryName(one), proxmoxEntryName(other)))[0]

/** Whether a refresh may bring that kernel to the ESPs: Proxmox's own, and no other distribution's. */
export const isProxmoxKernel = (release: string): boolean => /-pve/.test(release)
