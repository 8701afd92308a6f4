import { act, sha256 } from '../boot/act-script.ts'
import type { FileEdit } from '../boot/chain.ts'
import type { Job, JobOrder, Site } from '../changes/job.ts'

const CONFIG = '/etc/initramfs-tools/'

/**
 * The initramfs of a kernel, built anew from the files of the change. A copy beside it is tried first; what is kept lists the same
 * files. `holds` and `gone`: what has to be in it and what must not, as lsinitramfs names them, words.
 */
export const initramfs: Job = {
  id: 'initramfs',
  command: ({ release = '' }) => `update-initramfs -u -k ${release}`,
  backCommand: ({ release = '' }) => `update-initramfs -u -k ${release}`,
  prepare: ({ release = '', holds = '', gone = '' }, site) => [
    act('stage_initramfs', staged(site)),
    ...site.edits.filter(({ path }) => path.startsWith(CONFIG)).map((edit) => stagedEdit(edit, site)),
    act('build_initramfs', release, staged(site), tried(site), holds, gone),
  ],
  perform: ({ release = '', holds = '', gone = '' }, site) => [
    act('renew_initramfs', release, site.kept, tried(site), holds, gone),
  ],
  takeBack: ({ release = '' }, { kept }) => [act('give_back_initramfs', release, kept)],
  inverse: ({ release = '', holds = '', gone = '' }) =>
    holds + gone === '' ? null : buildInitramfs({ release, holds: gone, gone: holds }),
  boots: () => null,
  tries: ({ change }) => imageOf(change),
  tidy: (site) => [act('drop', tried(site), 'any')],
}

/** The order to build the initramfs of a kernel anew. */
export const buildInitramfs = (of: Record<'release' | 'holds' | 'gone', string>): JobOrder => ({
  job: initramfs.id,
  with: of,
})

/** update-grub makes an entry of nothing that is named so. */
const imageOf = (change: string): string => `lanekeeper-${change}.img`
const tried = ({ change }: Site): string => `/boot/${imageOf(change)}`
const staged = ({ kept }: Site): string => `${kept}/initramfs-tools`

function stagedEdit({ path, text, mode = '644' }: FileEdit, site: Site) {
  const copy = `${staged(site)}/${path.slice(CONFIG.length)}`
  return text === null ? act('drop', copy, 'any') : { name: 'anew', args: [copy, mode, sha256(text)], input: text }
}
