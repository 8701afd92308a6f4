import { bootedBy } from '../diagnosis/boot-evidence.ts'
import { defineRule, type Evidence } from '../diagnosis/rule.ts'
import { type BootTool, missingEsp } from '../facts/probes/boot-tool.ts'

type Esp = BootTool['esps'][number]

/**
 * FACTS 1.2: "uefi" is systemd-boot, "grub" GRUB; where an ESP has both, only the side that boots is kept up to date, so
 * only that side is compared. Message B-ESPGONE for one that is listed and not there.
 */
export const espOutOfSync = defineRule({
  id: 'esp-out-of-sync',
  title: 'The boot partitions (ESP) are not alike',
  why: 'On the ESP of every boot disk proxmox-boot-tool keeps a copy of kernels and boot configuration. When one of them lags behind or is missing, the node boots an old state, or not at all, on the day the firmware takes that disk; the refresh skips such an ESP and still reports success.',
  fix: 'Type "proxmox-boot-tool refresh" and read the warnings, then compare the lines of "proxmox-boot-tool status". An ESP whose disk is gone is taken off the list with "proxmox-boot-tool clean"; a new disk gets "proxmox-boot-tool format <partition>" and "proxmox-boot-tool init <partition>".',
  links: ['https://pve.proxmox.com/pve-docs/chapter-sysadmin.html#sysboot_proxmox_boot_tool'],
  remedies: ['refresh-esps'],
  needs: ['boot-tool'],
  check: (facts) => {
    const { managed, esps, warnings } = facts['boot-tool']
    if (!managed) return 'ok'
    const gone = warnings.flatMap((line) => {
      const missing = missingEsp(line)
      if (missing === undefined) return []
      return [
        { says: `${missing.uuid} is listed and ${missing.why === 'absent' ? 'not there' : 'cannot be mounted'}`, line },
      ]
    })
    const kind = kindThatBoots(esps, bootedBy(facts)?.loader ?? null)
    if (kind === null && gone.length === 0) return { unknown: [esps.length === 0 ? 'boot-tool' : 'boot-loader'] }
    const behind = kind === null ? [] : laggards(esps, kind)
    if (gone.length === 0 && behind.length === 0) return 'ok'
    return {
      severity: 'warning',
      devices: [],
      says: `The ESPs are not alike: ${[...gone, ...behind].map(({ says }) => says).join(', ')}; ${behind.length > 0 ? 'type "proxmox-boot-tool refresh"' : 'replace the disk, or type "proxmox-boot-tool clean"'} and look at "proxmox-boot-tool status" again.`,
      evidence: [
        ...gone.map(({ line }): Evidence => ({ saw: line, probe: 'boot-tool' })),
        ...(behind.length > 0 ? esps.map((esp): Evidence => ({ saw: lineOf(esp), probe: 'boot-tool' })) : []),
      ],
      remedies: ['refresh-esps'],
    }
  },
})

/** The side that boots: the only one there is, else that of the loader which started the node. */
function kindThatBoots(esps: readonly Esp[], loader: 'grub' | 'systemd-boot' | null): 'grub' | 'uefi' | null {
  const kinds = new Set(esps.flatMap(({ loaders }) => loaders.map((one) => one.kind)))
  const [only] = kinds
  if (kinds.size === 1 && only !== undefined) return only
  if (kinds.size === 0 || loader === null) return null
  return loader === 'grub' ? 'grub' : 'uefi'
}

/** The ESPs that lack a kernel which another one has on the side that boots. */
function laggards(esps: readonly Esp[], kind: 'grub' | 'uefi'): { says: string }[] {
  const versionsOf = (esp: Esp) => esp.loaders.find((one) => one.kind === kind)?.versions ?? []
  const all = [...new Set(esps.flatMap(versionsOf))]
  return esps.flatMap((esp) => {
    const lacking = all.filter((version) => !versionsOf(esp).includes(version))
    return lacking.length > 0 ? [{ says: `${esp.uuid} lacks ${lacking.join(', ')}` }] : []
  })
}

const lineOf = ({ uuid, loaders }: Esp): string =>
  `${uuid}: ${loaders.map(({ kind, versions }) => `${kind} (${versions.join(', ')})`).join(', ')}`
