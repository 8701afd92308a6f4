/** Major and minor number of a release as `uname -r` prints it; null where it does not read like one. */
export function seriesOf(release: string): readonly [number, number] | null {
  const match = /^(\d+)\.(\d+)/.exec(release)
  return match ? [Number(match[1]), Number(match[2])] : null
}

/** Is the release of this series or a newer one? Null when it cannot be read. */
export function atLeast(release: string, major: number, minor: number): boolean | null {
  const series = seriesOf(release)
  return series && (series[0] > major || (series[0] === major && series[1] >= minor))
}

/** Has this kernel the option `relax_rmrr`? Null for Proxmox series that are not known here. FACTS 2.2. */
export function knowsRelaxRmrr(release: string): boolean | null {
  if (/-pve-relaxablermrr/.test(release)) return true
  if (!/-pve$/.test(release)) return false
  const early = /^6\.2\.16-(\d+)(-bpo11)?-pve$/.exec(release)
  if (early) return Number(early[1]) >= 13
  if (/^(6\.(5|8|11|14|17)|7\.0)\./.test(release)) return true
  return atLeast(release, 6, 5) ? null : false
}

/** Does this kernel switch the Intel IOMMU on without being asked? Null where no configuration was read. FACTS 2.1. */
export function intelDefaultOn(release: string): boolean | null {
  if (!/-pve/.test(release)) return null
  const early = /^5\.15\.(\d+)-(\d+)-pve/.exec(release)
  if (early) return Number(early[1]) < 35 || (Number(early[1]) === 35 && Number(early[2]) <= 3)
  if (/^(5\.19|6\.2|6\.5)\./.test(release)) return false
  return atLeast(release, 6, 8) ? true : null
}
