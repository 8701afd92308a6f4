import type { Facts } from '../facts/facts.ts'
import { bootedBy } from './boot-evidence.ts'
import { type BootFile, grubFileWords } from './grub-words.ts'

/** /etc/kernel/cmdline: what systemd-boot's entries are made from. A missing file holds no words. */
export function kernelCmdlineWords(facts: Facts): BootFile | null {
  const file = facts['kernel-cmdline-file']
  return file
    ? { words: (file.first ?? '').split(/\s+/).filter(Boolean), probe: 'kernel-cmdline-file', whole: true }
    : null
}

/** The two files by their part on this node: the one that counts, and the one that is never read. FACTS 1.3. */
export function bootFiles(
  facts: Facts,
): { right: BootFile | null; wrong: BootFile | null; rightPath: string; wrongPath: string } | null {
  const loader = bootedBy(facts)?.loader
  if (loader === undefined) return null
  const grub = { path: '/etc/default/grub', file: grubFileWords(facts) }
  const kernel = { path: '/etc/kernel/cmdline', file: kernelCmdlineWords(facts) }
  const [right, wrong] = loader === 'grub' ? [grub, kernel] : [kernel, grub]
  return { right: right.file, wrong: wrong.file, rightPath: right.path, wrongPath: wrong.path }
}

/**
 * The normal entries of the generated GRUB configuration that the running boot came from: no recovery, no memtest, none of
 * another system, and from the same place as the running image (FACTS 1.2: a node may carry a grub.cfg that nothing boots).
 */
export function generatedEntries(facts: Facts): readonly (readonly string[])[] {
  const image = /^BOOT_IMAGE=(?:\([^)]*\))?(\S*\/)vmlinuz/.exec(facts.cmdline?.line ?? '')?.[1]
  return (facts['grub-cfg'] ?? [])
    .filter((entry) => !entry.recovery && /\/vmlinuz-/.test(entry.image ?? ''))
    .filter((entry) => entry.id === null || entry.id.includes('gnulinux-'))
    .filter((entry) => !entry.id?.startsWith('osprober'))
    .filter(
      (entry) => image === undefined || entry.image?.replace(/vmlinuz-.*$/, '').replace(/^\([^)]*\)/, '') === image,
    )
    .map(({ words }) => words)
}
