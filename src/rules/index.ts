import type { Rule } from '../diagnosis/rule.ts'
import { acsOverrideActive } from './acs-override-active.ts'
import { acsOverrideIgnored } from './acs-override-ignored.ts'
import { acsOverrideWithoutEffect } from './acs-override-without-effect.ts'
import { amdUnityMapBlocksDevice } from './amd-unity-map-blocks-device.ts'
import { argumentWithoutEffect } from './argument-without-effect.ts'
import { bootConfigNotGenerated } from './boot-config-not-generated.ts'
import { bootGpu } from './boot-gpu.ts'
import { cmdlineTypo } from './cmdline-typo.ts'
import { cpuVirtualizationOff } from './cpu-virtualization-off.ts'
import { deviceGoneDead } from './device-gone-dead.ts'
import { deviceInUse } from './device-in-use.ts'
import { deviceMissing } from './device-missing.ts'
import { dmaFaults } from './dma-faults.ts'
import { espOutOfSync } from './esp-out-of-sync.ts'
import { forgottenPin } from './forgotten-pin.ts'
import { framebufferHoldsGpu } from './framebuffer-holds-gpu.ts'
import { groupHoldsHostDevice } from './group-holds-host-device.ts'
import { groupShared } from './group-shared.ts'
import { groupSplitOverGuests } from './group-split-over-guests.ts'
import { groupsChanged } from './groups-changed.ts'
import { grubConfigBroken } from './grub-config-broken.ts'
import { guestConfig } from './guest-config.ts'
import { guestDriverMissing } from './guest-driver-missing.ts'
import { guestMemoryLocked } from './guest-memory-locked.ts'
import { guestStartFailed } from './guest-start-failed.ts'
import { hostDriverBound } from './host-driver-bound.ts'
import { initramfsStale } from './initramfs-stale.ts'
import { interruptRemappingMissing } from './interrupt-remapping-missing.ts'
import { iommuOff } from './iommu-off.ts'
import { iommuOffInFirmware } from './iommu-off-in-firmware.ts'
import { kernelLacksRelaxableRmrr } from './kernel-lacks-relaxable-rmrr.ts'
import { kernelRegression } from './kernel-regression.ts'
import { leftoverOneShot } from './leftover-one-shot.ts'
import { legacyBios } from './legacy-bios.ts'
import { mappingStale } from './mapping-stale.ts'
import { mediatedDeviceRefused } from './mediated-device-refused.ts'
import { moduleParameterUnknown } from './module-parameter-unknown.ts'
import { noReset } from './no-reset.ts'
import { noRollbackKernel } from './no-rollback-kernel.ts'
import { noTestGuest } from './no-test-guest.ts'
import { onbootGuestTakesHostDevice } from './onboot-guest-takes-host-device.ts'
import { passthroughModeOff } from './passthrough-mode-off.ts'
import { platformEnablingIommuIsRisky } from './platform-enabling-iommu-is-risky.ts'
import { pveTooOld } from './pve-too-old.ts'
import { rebootPending } from './reboot-pending.ts'
import { relaxRmrrActive } from './relax-rmrr-active.ts'
import { relaxRmrrNeedless } from './relax-rmrr-needless.ts'
import { rmrrBlocksDevice } from './rmrr-blocks-device.ts'
import { vcpuNotPinned } from './vcpu-not-pinned.ts'
import { vendorArgumentMismatch } from './vendor-argument-mismatch.ts'
import { vfioConfigBroken } from './vfio-config-broken.ts'
import { vfioIdsTakeTwin } from './vfio-ids-take-twin.ts'
import { vfioNotAvailable } from './vfio-not-available.ts'
import { wrongBootFile } from './wrong-boot-file.ts'
import { wrongKernelRunning } from './wrong-kernel-running.ts'

/** Every finding, causes before consequences, in the order of the catalogue (FINDINGS). */
export const rules: readonly Rule[] = [
  iommuOffInFirmware,
  cpuVirtualizationOff,
  legacyBios,
  platformEnablingIommuIsRisky,
  pveTooOld,
  interruptRemappingMissing,
  grubConfigBroken,
  wrongBootFile,
  bootConfigNotGenerated,
  rebootPending,
  iommuOff,
  cmdlineTypo,
  argumentWithoutEffect,
  moduleParameterUnknown,
  vendorArgumentMismatch,
  passthroughModeOff,
  wrongKernelRunning,
  kernelRegression,
  noRollbackKernel,
  leftoverOneShot,
  forgottenPin,
  espOutOfSync,
  rmrrBlocksDevice,
  kernelLacksRelaxableRmrr,
  relaxRmrrActive,
  relaxRmrrNeedless,
  amdUnityMapBlocksDevice,
  groupHoldsHostDevice,
  onbootGuestTakesHostDevice,
  groupShared,
  acsOverrideIgnored,
  acsOverrideWithoutEffect,
  acsOverrideActive,
  groupSplitOverGuests,
  mappingStale,
  groupsChanged,
  deviceMissing,
  deviceGoneDead,
  hostDriverBound,
  vfioIdsTakeTwin,
  vfioNotAvailable,
  vfioConfigBroken,
  initramfsStale,
  framebufferHoldsGpu,
  bootGpu,
  noReset,
  dmaFaults,
  guestStartFailed,
  guestConfig,
  guestMemoryLocked,
  mediatedDeviceRefused,
  deviceInUse,
  guestDriverMissing,
  vcpuNotPinned,
  noTestGuest,
]
