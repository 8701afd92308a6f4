import { act } from '../boot/act-script.ts'
import type { Job, JobOrder } from '../changes/job.ts'

/** A kernel pinned for the next boot only, unpinned: the mark stays until the running system takes it away (FACTS 1.4). */
export const nextBootPin: Job = {
  id: 'next-boot-pin',
  command: () => 'proxmox-boot-tool kernel unpin --next-boot',
  backCommand: ({ release = '' }) => `proxmox-boot-tool kernel pin ${release} --next-boot`,
  prepare: ({ release = '' }) => [act('expect_next_pin', release)],
  perform: ({ release = '' }) => [act('unpin_next', release)],
  takeBack: ({ release = '' }) => [act('pin_next', release)],
  // Whoever wants it again pins it for a boot that is to come.
  inverse: () => null,
  boots: () => null,
}

/** The order for the kernel release that is pinned. */
export const unpinNextBoot = (release: string): JobOrder => ({ job: nextBootPin.id, with: { release } })
