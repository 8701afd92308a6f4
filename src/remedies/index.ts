import type { Remedy } from '../changes/remedy.ts'
import { acsOverride } from './acs-override.ts'
import { allowVfio } from './allow-vfio.ts'
import { bootKernel } from './boot-kernel.ts'
import { clearOnboot } from './clear-onboot.ts'
import { clearOneShot } from './clear-one-shot.ts'
import { correctArgument } from './correct-argument.ts'
import { dropArgument } from './drop-argument.ts'
import { freeFramebuffer } from './free-framebuffer.ts'
import { installKernel } from './install-kernel.ts'
import { interruptRemapping } from './interrupt-remapping.ts'
import { keepDriverOff } from './keep-driver-off.ts'
import { kernelArguments } from './kernel-arguments.ts'
import { mendGrubFile } from './mend-grub-defaults.ts'
import { moveArguments } from './move-arguments.ts'
import { passthroughMode } from './passthrough-mode.ts'
import { rebootIntoConfig } from './reboot-into-config.ts'
import { rebuildInitramfs } from './rebuild-initramfs.ts'
import { refreshEsps } from './refresh-esps.ts'
import { regenerateBootConfig } from './regenerate-boot-config.ts'
import { relaxRmrr } from './relax-rmrr.ts'
import { takeBack } from './take-back.ts'
import { unpinKernel } from './unpin-kernel.ts'
import { vfioByAddress } from './vfio-by-address.ts'
import { vfioIds } from './vfio-ids.ts'

/** Every remedy there is. */
export const remedies: readonly Remedy[] = [
  kernelArguments,
  relaxRmrr,
  installKernel,
  bootKernel,
  unpinKernel,
  interruptRemapping,
  acsOverride,
  moveArguments,
  regenerateBootConfig,
  rebootIntoConfig,
  correctArgument,
  dropArgument,
  passthroughMode,
  freeFramebuffer,
  vfioIds,
  vfioByAddress,
  allowVfio,
  rebuildInitramfs,
  keepDriverOff,
  clearOnboot,
  clearOneShot,
  refreshEsps,
  mendGrubFile,
  takeBack,
]
