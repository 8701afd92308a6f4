import { NO_ARGUMENTS } from '../changes/another-kernel.ts'
import type { Remedy } from '../changes/remedy.ts'
import { buildInitramfs } from '../jobs/initramfs.ts'

/** Builds the initramfs of the running kernel anew, and starts with it once before it is the one that boots (FACTS 7). */
export const rebuildInitramfs: Remedy = {
  id: 'rebuild-initramfs',
  title: 'Build the initramfs anew',
  wish: ({ uname, 'initramfs-tools': tools }) => {
    if (uname === undefined || !tools)
      return { refused: 'the running kernel, or the way its initramfs is built, could not be read' }
    if (!['mkinitramfs', 'update-initramfs', 'lsinitramfs'].every((tool) => tools.tools.includes(tool)))
      return { refused: 'this node builds its initramfs in another way than with initramfs-tools' }
    return {
      title: `Build the initramfs of ${uname} anew`,
      args: NO_ARGUMENTS,
      jobs: [buildInitramfs({ release: uname, holds: '', gone: '' })],
      // What has gathered there nobody may remember.
      risk: 2,
      risks: [
        'All that was changed under /etc/modprobe.d and /etc/initramfs-tools since the last build takes effect early in the boot.',
      ],
    }
  },
  // The trial runs on the new image; that it is the one that boots is read back as it is kept.
  uncured: () => [],
}
