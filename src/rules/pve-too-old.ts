import { defineRule } from '../diagnosis/rule.ts'
import { monthBegins, type PveRelease, pveRelease } from '../knowledge/releases.ts'

/** The oldest version whose tools and messages passthrough guides, and this catalogue, speak of. */
const oldest = [7, 4] as const

/** Whether support has ended follows from the clock of the node; one that stands before the release of its own system tells nothing. */
export const pveTooOld = defineRule({
  id: 'pve-too-old',
  title: 'Proxmox VE is too old',
  why: 'Versions before 7.4 lack what passthrough rests on today: resource mappings, kernels with relax_rmrr, useful messages. A version out of support gets no new kernel and no security fix any more.',
  fix: 'Upgrade one major version at a time: bring the node up to date first (apt update && apt dist-upgrade), run the checklist program of the step (pve7to8 --full, pve8to9 --full), and follow the upgrade guide. Move or stop the guests and have a backup before each step.',
  links: ['https://pve.proxmox.com/pve-docs/chapter-pve-faq.html', 'https://pve.proxmox.com/wiki/Category:Upgrade'],
  upkeep: true,
  needs: ['pveversion'],
  check: ({ pveversion, clock }) => {
    const version = pveversion.manager ?? pveversion.packages['proxmox-ve']
    if (version === undefined) return Object.keys(pveversion.packages).length > 0 ? { unknown: ['pveversion'] } : 'ok'
    const [, major, minor] = (/^(\d+)[.-](\d+)/.exec(version) ?? []).map(Number)
    if (major === undefined || minor === undefined) return { unknown: ['pveversion'] }
    const release = pveRelease(major)
    if (major < oldest[0] || (major === oldest[0] && minor < oldest[1]))
      return found(
        version,
        'is older than 7.4, the oldest version that passthrough can be expected to work on',
        release,
      )
    if (!release || release.supportedUntil === null) return 'ok'
    const now = clock?.system ?? null
    if (now === null || now < monthBegins(release.released)) return { unknown: ['clock'] }
    if (now < monthBegins(release.supportedUntil, 1)) return 'ok'
    return found(version, `has been out of support since the end of ${release.supportedUntil}`, release)
  },
})

const found = (version: string, what: string, release: PveRelease | undefined) => ({
  severity: 'warning' as const,
  devices: [],
  says: `Proxmox VE ${version} ${what}${pathOf(release)}.`,
  evidence: [{ saw: `pve-manager ${version}`, probe: 'pveversion' as const }],
  remedies: [],
})

const pathOf = (release: PveRelease | undefined): string =>
  release?.next
    ? `; the next step is Proxmox VE ${release.next.major}: run "${release.next.checklist}", then follow ${release.next.guide}`
    : ''
