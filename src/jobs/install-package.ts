import { act } from '../boot/act-script.ts'
import type { Job, JobOrder } from '../changes/job.ts'

/**
 * A kernel package that an operator has put on the node, installed beside the others: its sum is checked first, and a simulated
 * installation that adds nothing else and takes nothing away. Never removed while its kernel runs.
 */
export const installPackage: Job = {
  id: 'install-package',
  command: ({ path = '' }) => `dpkg -i ${path}`,
  backCommand: ({ name = '' }) => `dpkg -P ${name}`,
  prepare: ({ path = '', sha256 = '', name = '' }) => [act('expect_package', path, sha256, name)],
  perform: ({ path = '', sha256 = '', name = '', release = '' }) => [
    act('install_package', path, sha256, name, release),
  ],
  takeBack: ({ name = '', release = '' }) => [act('remove_package', name, release)],
  inverse: (on) => ({ job: removePackage.id, with: on }),
  boots: () => null,
}

/** The same package taken out again, as an undo does it; it is put back from the same file. */
export const removePackage: Job = {
  id: 'remove-package',
  command: ({ name = '' }) => `dpkg -P ${name}`,
  backCommand: ({ path = '' }) => `dpkg -i ${path}`,
  prepare: ({ path = '', sha256 = '' }) => [act('expect_package', path, sha256, '')],
  perform: ({ name = '', release = '' }) => [act('remove_package', name, release)],
  takeBack: ({ path = '', sha256 = '', name = '', release = '' }) => [
    act('install_package', path, sha256, name, release),
  ],
  inverse: (on) => ({ job: installPackage.id, with: on }),
  boots: () => null,
}

/** The order to install a package: its file on the node, the sum of that, its name, and the kernel release it brings. */
export const installKernel = (of: Record<'path' | 'sha256' | 'name' | 'release', string>): JobOrder => ({
  job: installPackage.id,
  with: of,
})
