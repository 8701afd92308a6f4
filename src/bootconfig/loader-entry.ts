import type { Refusal } from '../errors.ts'
import { trialWords } from './grub-custom.ts'
import { splitWords } from './kernel-line.ts'

/** The lines of a Boot Loader Specification file as key and value; comments and empty lines left out. */
const linesOf = (text: string): [key: string, value: string][] =>
  text.split(/\r?\n/).flatMap((line): [string, string][] => {
    const [, key, value = ''] = /^\s*([A-Za-z][\w-]*)(?:\s+(.*?))?\s*$/.exec(line) ?? []
    return key === undefined ? [] : [[key, value]]
  })

/** The words that an entry hands to the kernel; systemd-boot joins several `options` lines. */
export const entryWords = (text: string): string[] =>
  linesOf(text).flatMap(([key, value]) => (key === 'options' ? splitWords(value) : []))

/** What loader.conf names as the entry that boots by default, a name or a pattern; null where it names none. */
export const defaultEntryOf = (loaderConf: string): string | null =>
  linesOf(loaderConf).findLast(([key]) => key === 'default')?.[1] || null

/** The name of the entry that Proxmox makes of a kernel (FACTS 1.3). */
export const proxmoxEntryName = (release: string): string => `proxmox-${release}.conf`

/** The name of a trial's entry. Never `proxmox-…`: loader.conf has `default proxmox-*` (FACTS 1.7). */
export const trialEntryName = (changeId: string): string => `lanekeeper-${changeId}.conf`

/** The entry of a trial: everything of the entry that boots by default, with other words. */
export function trialEntry(text: string, words: readonly string[], changeId: string): string | Refusal {
  const lines = linesOf(text)
  const count = (wanted: string) => lines.filter(([key]) => key === wanted).length
  if (count('linux') !== 1 || count('initrd') < 1)
    return { refused: 'the entry that boots does not load one kernel and its initramfs' }
  const kept = lines.filter(([key]) => !['title', 'options', 'sort-key'].includes(key))
  return [
    `# Trial ${changeId} of lanekeeper. Safe to remove.`,
    `title Lanekeeper trial ${changeId}`,
    ...kept.map(([key, value]) => `${key} ${value}`),
    `options ${trialWords(words, changeId).join(' ')}`,
    '',
  ].join('\n')
}
