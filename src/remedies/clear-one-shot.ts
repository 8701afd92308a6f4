import type { JobOrder } from '../changes/job.ts'
import type { Remedy } from '../changes/remedy.ts'
import type { Facts } from '../facts/facts.ts'
import { setGrubVariable } from '../jobs/grub-environment.ts'
import { unpinNextBoot } from '../jobs/next-boot-pin.ts'

/** Takes away the mark of a boot for one time that has had its boot, or that GRUB can never clear (FACTS 1.4, 1.5). Which entry boots next is the ordinary one again. */
export const clearOneShot: Remedy = {
  id: 'clear-one-shot',
  title: 'Clear the one-time boot that was left behind',
  wish: (facts) => {
    const jobs = marks(facts)
    if (jobs.length === 0)
      return {
        refused: 'what was left behind stands in the permanent boot files',
        hint: 'take the words out of the file that holds them, and generate the boot configuration again',
      }
    return {
      title: 'Clear the one-time boot that was left behind',
      args: { add: [], remove: [] },
      jobs,
      inPlace: true,
      risk: 1,
      risks: ['From the next boot on the ordinary entry starts, not the one that was asked for once.'],
    }
  },
  uncured: (facts) => {
    if (!facts['grub-env'] || !facts.kernels) return ['whether the mark is gone could not be read']
    return marks(facts).length > 0 ? ['the mark of a one-time boot is still there'] : []
  },
}

function marks({ 'grub-env': env, kernels, uname }: Facts): JobOrder[] {
  // Where GRUB can write, it clears the mark itself: then the boot is still to come.
  const stays = env && (env.bootStack !== 'plain' || /^(btrfs|zfs)$/.test(env.bootFs ?? ''))
  const entry = stays ? (env.variables.next_entry ?? '') : ''
  const next = kernels?.nextBoot ?? null
  return [
    ...(entry === '' ? [] : [setGrubVariable('next_entry', entry, '')]),
    ...(next !== null && next === (uname ?? kernels?.running) ? [unpinNextBoot(next)] : []),
  ]
}
