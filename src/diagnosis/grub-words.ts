import { evaluateGrubDefaults } from '../bootconfig/grub-defaults.ts'
import { splitWords } from '../bootconfig/kernel-line.ts'
import { isRefusal } from '../errors.ts'
import type { Facts } from '../facts/facts.ts'
import type { ProbeName } from '../facts/probes.ts'
import { grubFaults, grubFiles } from './grub-file.ts'

/** The arguments that stand in a file. `whole`: nothing else could add to them. */
export interface BootFile {
  readonly words: readonly string[]
  readonly probe: ProbeName
  readonly whole: boolean
}

/**
 * The arguments that /etc/default/grub and its drop-ins add up to: the values the node's shell computed, else what a shell
 * would. Null where neither can be told. `whole` is false while the drop-ins are not known.
 */
export function grubFileWords(facts: Facts): BootFile | null {
  const computed = facts['grub-syntax']
  if (computed && computed.errors.length > 0) return null
  if (computed && Object.keys(computed.values).length > 0) {
    const { GRUB_CMDLINE_LINUX: linux = '', GRUB_CMDLINE_LINUX_DEFAULT: linuxDefault = '' } = computed.values
    return { words: splitWords(`${linux} ${linuxDefault}`), probe: 'grub-syntax', whole: true }
  }
  if (facts['default-grub'] === undefined || grubFaults(facts).length > 0) return null
  const values = evaluateGrubDefaults(grubFiles(facts))
  if (isRefusal(values)) return null
  const words = splitWords(`${values.linux} ${values.linuxDefault}`)
  return { words, probe: 'default-grub', whole: facts['default-grub-d'] !== undefined }
}
