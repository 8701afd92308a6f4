import type { Rule } from '../diagnosis/rule.ts'
import { amdUnityMapBlocksDevice } from './amd-unity-map-blocks-device.ts'
import { bootConfigNotGenerated } from './boot-config-not-generated.ts'
import { cmdlineTypo } from './cmdline-typo.ts'
import { groupHoldsHostDevice } from './group-holds-host-device.ts'
import { groupShared } from './group-shared.ts'
import { grubConfigBroken } from './grub-config-broken.ts'
import { guestStartFailed } from './guest-start-failed.ts'
import { hostDriverBound } from './host-driver-bound.ts'
import { interruptRemappingMissing } from './interrupt-remapping-missing.ts'
import { iommuOff } from './iommu-off.ts'
import { iommuOffInFirmware } from './iommu-off-in-firmware.ts'
import { kernelLacksRelaxableRmrr } from './kernel-lacks-relaxable-rmrr.ts'
import { legacyBios } from './legacy-bios.ts'
import { passthroughModeOff } from './passthrough-mode-off.ts'
import { rebootPending } from './reboot-pending.ts'
import { relaxRmrrActive } from './relax-rmrr-active.ts'
import { rmrrBlocksDevice } from './rmrr-blocks-device.ts'
import { vendorArgumentMismatch } from './vendor-argument-mismatch.ts'
import { wrongBootFile } from './wrong-boot-file.ts'

/** Every finding, causes before consequences, in the order of the catalogue (FINDINGS). */
export const rules: readonly Rule[] = [
  iommuOffInFirmware,
  legacyBios,
  interruptRemappingMissing,
  grubConfigBroken,
  wrongBootFile,
  bootConfigNotGenerated,
  rebootPending,
  iommuOff,
  cmdlineTypo,
  vendorArgumentMismatch,
  passthroughModeOff,
  rmrrBlocksDevice,
  kernelLacksRelaxableRmrr,
  relaxRmrrActive,
  amdUnityMapBlocksDevice,
  groupHoldsHostDevice,
  groupShared,
  hostDriverBound,
  guestStartFailed,
]
