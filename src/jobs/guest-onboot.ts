import { act } from '../boot/act-script.ts'
import type { Job, JobOrder } from '../changes/job.ts'

/** Whether a guest starts with the node (`qm set --onboot`), 0 or 1: compare and write. A guest that runs goes on as it is. */
export const guestOnboot: Job = {
  id: 'guest-onboot',
  command: ({ guest = '', to = '' }) => `qm set ${guest} --onboot ${to}`,
  backCommand: ({ guest = '', from = '' }) => `qm set ${guest} --onboot ${from}`,
  prepare: ({ guest = '', from = '' }) => [act('expect_onboot', guest, from)],
  perform: ({ guest = '', from = '', to = '' }) => [act('set_onboot', guest, from, to)],
  takeBack: ({ guest = '', from = '', to = '' }) => [act('set_onboot', guest, to, from)],
  inverse: ({ guest = '', from = '', to = '' }) => setOnboot(Number(guest), to, from),
  boots: () => null,
}

/** The order for a guest, by its number. */
export const setOnboot = (guest: number, from: string, to: string): JobOrder => ({
  job: guestOnboot.id,
  with: { guest: String(guest), from, to },
})
