import type { Facts } from '../facts/facts.ts'
import type { Evidence } from './rule.ts'

/** Which boot loader started the running kernel, and what shows it. */
export interface BootedBy {
  readonly loader: 'grub' | 'systemd-boot'
  readonly evidence: Evidence
}

/**
 * Tells the loader from the running boot, most decisive first (FACTS 1.2): the kernel line, the loader's own words, the
 * firmware's boot entry, a boot without EFI. Null = unsure.
 */
export function bootedBy(facts: Facts): BootedBy | null {
  const line = facts.cmdline?.line.trimStart() ?? ''
  if (/(^|\s)initrd=\\EFI\\/i.test(line)) return { loader: 'systemd-boot', evidence: { saw: line, probe: 'cmdline' } }
  if (/^BOOT_IMAGE=/.test(line)) return { loader: 'grub', evidence: { saw: line, probe: 'cmdline' } }
  const info = facts['boot-loader']?.loaderInfo ?? ''
  if (/^systemd-boot/i.test(info)) return { loader: 'systemd-boot', evidence: { saw: info, probe: 'boot-loader' } }
  if (/^GRUB/i.test(info)) return { loader: 'grub', evidence: { saw: info, probe: 'boot-loader' } }
  const entry = facts['boot-loader']?.bootCurrent ?? ''
  if (/Linux Boot Manager|systemd-boot/i.test(entry))
    return { loader: 'systemd-boot', evidence: { saw: entry, probe: 'boot-loader' } }
  if (/grub|shim/i.test(entry)) return { loader: 'grub', evidence: { saw: entry, probe: 'boot-loader' } }
  if (facts.firmware?.efi === false)
    return { loader: 'grub', evidence: { saw: 'booted without EFI', probe: 'firmware' } }
  return null
}
