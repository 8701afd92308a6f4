import { act } from '../boot/act-script.ts'
import type { Job, JobOrder } from '../changes/job.ts'

/** Every ESP that proxmox-boot-tool keeps gets the kernels and the configuration that the others have. Copies only: there is nothing to take back. */
export const refreshEsps: Job = {
  id: 'refresh-esps',
  command: () => 'proxmox-boot-tool refresh',
  backCommand: () => null,
  prepare: () => [act('expect_default_on_esps')],
  perform: () => [act('refresh_esps')],
  takeBack: () => [],
  inverse: () => null,
  boots: () => null,
}

/** The order to refresh them all. */
export const refreshAllEsps: JobOrder = { job: refreshEsps.id, with: {} }
