import { act } from '../boot/act-script.ts'
import type { Job, JobOrder } from '../changes/job.ts'

// Without the second a refresh takes a kernel off the ESPs that is neither pinned nor among the newest.
const add: Job['command'] = ({ path = '', release = '' }) =>
  `dpkg -i ${path} && proxmox-boot-tool kernel add ${release}`
const remove: Job['command'] = ({ name = '', release = '' }) =>
  `proxmox-boot-tool kernel remove ${release} && dpkg -P ${name}`

/**
 * A kernel package that an operator has put on the node, installed beside the others: its sum is checked first, and a simulated
 * installation that adds nothing else and takes nothing away. Never removed while its kernel runs.
 */
export const installPackage: Job = {
  id: 'install-package',
  command: add,
  backCommand: remove,
  prepare: ({ path = '', sha256 = '', name = '' }) => [
    act('expect_package', path, sha256, name),
    act('expect_default_on_esps'),
  ],
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
  command: remove,
  backCommand: add,
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
