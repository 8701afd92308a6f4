import { act } from '../boot/act-script.ts'
import type { Job, JobOrder } from '../changes/job.ts'

/** A variable of GRUB's environment block of /boot/grub (`grub-editenv -`), set or taken out: compare and write. */
export const grubEnvironment: Job = {
  id: 'grub-environment',
  command: ({ name = '', to = '' }) => editenv(name, to),
  backCommand: ({ name = '', from = '' }) => editenv(name, from),
  prepare: ({ name = '', from = '' }) => [act('expect_grub_env', name, from)],
  perform: ({ name = '', from = '', to = '' }) => [act('grub_env', name, from, to)],
  takeBack: ({ name = '', from = '', to = '' }) => [act('grub_env', name, to, from)],
  inverse: ({ name = '', from = '', to = '' }) => setGrubVariable(name, to, from),
  boots: () => null,
}

/** The order to bring a variable from one value to another; an empty one is none. */
export const setGrubVariable = (name: string, from: string, to: string): JobOrder => ({
  job: grubEnvironment.id,
  with: { name, from, to },
})

const editenv = (name: string, value: string): string =>
  value === '' ? `grub-editenv - unset ${name}` : `grub-editenv - set '${name}=${value}'`
