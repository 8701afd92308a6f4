import { fileEdit } from '../boot/file-edit.ts'
import { evaluateGrubDefaults, type GrubFile } from '../bootconfig/grub-defaults.ts'
import { splitWords } from '../bootconfig/kernel-line.ts'
import { mendGrubDefaults } from '../bootconfig/mended-defaults.ts'
import type { Remedy } from '../changes/remedy.ts'
import { isRefusal } from '../errors.ts'
import type { Facts } from '../facts/facts.ts'

/**
 * Mends a slip of the pen in GRUB's defaults, and generates nothing: what boots stays as it is. The words that then stand in the
 * file go to the kernel with the next generation, by anybody; the plan says which.
 */
export const mendGrubFile: Remedy = {
  id: 'mend-grub-defaults',
  title: 'Mend the GRUB defaults',
  wish: (facts) => {
    const files = filesOf(facts)
    if (!files) return { refused: 'the GRUB defaults could not be read whole' }
    const mended = mendGrubDefaults(files)
    if (isRefusal(mended)) return mended
    const { linux, linuxDefault } = mended.values
    const words = splitWords(`${linux} ${linuxDefault}`).join(' ')
    const was = files.find(({ path }) => path === mended.path)?.text ?? null
    return {
      title: `Mend ${mended.path}`,
      args: { add: [], remove: [] },
      files: [fileEdit(mended.path, was, mended.text)],
      inPlace: true,
      risk: 1,
      risks: [
        `What boots stays as it is. The next update-grub, which a kernel update runs as well, gives the kernel: ${words || 'no argument of these files'}.`,
      ],
    }
  },
  uncured: (facts) => {
    const files = filesOf(facts)
    const syntax = facts['grub-syntax']
    if (!files || !syntax) return ['the GRUB defaults could not be read']
    const values = evaluateGrubDefaults(files)
    return [...syntax.errors, ...(isRefusal(values) ? [values.refused] : [])]
  },
}

function filesOf({ 'default-grub': main, 'default-grub-d': rest }: Facts): GrubFile[] | undefined {
  if (!main || main.text === null || !rest) return undefined
  return [{ path: '/etc/default/grub', text: main.text }, ...rest]
}
