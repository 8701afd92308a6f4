import { act } from '../boot/act-script.ts'
import type { Job, JobOrder } from '../changes/job.ts'

/**
 * The kernel that boots from now on (`proxmox-boot-tool kernel pin`), from one pin to another; an empty one is none. `boots` and
 * `booted`: the releases that start by default with it and without it. FACTS 1.4.
 */
export const kernelPin: Job = {
  id: 'kernel-pin',
  command: ({ to = '' }) => pin(to),
  backCommand: ({ from = '' }) => pin(from),
  prepare: ({ from = '' }) => [act('expect_pin', from), act('expect_default_on_esps')],
  perform: ({ from = '', to = '' }) => [act('set_pin', from, to)],
  takeBack: ({ from = '', to = '' }) => [act('set_pin', to, from)],
  inverse: ({ from = '', to = '', boots = '', booted = '' }) =>
    setPin({ from: to, to: from, boots: booted, booted: boots }),
  boots: ({ boots = '' }) => boots,
}

/** The order to bring the pin from one release to another. */
export const setPin = (pins: Record<'from' | 'to' | 'boots' | 'booted', string>): JobOrder => ({
  job: kernelPin.id,
  with: pins,
})

const pin = (release: string): string => `proxmox-boot-tool kernel ${release === '' ? 'unpin' : `pin ${release}`}`
