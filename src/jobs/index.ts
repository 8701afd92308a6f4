import type { Job } from '../changes/job.ts'
import { grubEnvironment } from './grub-environment.ts'
import { guestOnboot } from './guest-onboot.ts'
import { initramfs } from './initramfs.ts'
import { installPackage, removePackage } from './install-package.ts'
import { kernelPin } from './kernel-pin.ts'
import { nextBootPin } from './next-boot-pin.ts'
import { refreshEsps } from './refresh-esps.ts'

/** Every kind of work there is besides writing files. */
export const jobs: readonly Job[] = [
  grubEnvironment,
  guestOnboot,
  initramfs,
  installPackage,
  removePackage,
  kernelPin,
  nextBootPin,
  refreshEsps,
]
