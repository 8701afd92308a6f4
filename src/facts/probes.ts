import { bootId } from './probes/boot-id.ts'
import { bootLoader } from './probes/boot-loader.ts'
import { bootTool } from './probes/boot-tool.ts'
import { clock } from './probes/clock.ts'
import { cluster } from './probes/cluster.ts'
import { cmdline } from './probes/cmdline.ts'
import { cpu } from './probes/cpu.ts'
import { defaultGrub } from './probes/default-grub.ts'
import { defaultGrubD } from './probes/default-grub-d.ts'
import { firmware } from './probes/firmware.ts'
import { grubCfg } from './probes/grub-cfg.ts'
import { grubEnv } from './probes/grub-env.ts'
import { grubSyntax } from './probes/grub-syntax.ts'
import { guests } from './probes/guests.ts'
import { health } from './probes/health.ts'
import { hostDevices } from './probes/host-devices.ts'
import { initramfs } from './probes/initramfs.ts'
import { initramfsTools } from './probes/initramfs-tools.ts'
import { iomem } from './probes/iomem.ts'
import { iommuGroups } from './probes/iommu-groups.ts'
import { iommuUnits } from './probes/iommu-units.ts'
import { kernelCmdlineFile } from './probes/kernel-cmdline-file.ts'
import { kernelLog } from './probes/kernel-log.ts'
import { kernelPackages } from './probes/kernel-packages.ts'
import { kernels } from './probes/kernels.ts'
import { loaderDefaults } from './probes/loader-defaults.ts'
import { locks } from './probes/locks.ts'
import { lsmod } from './probes/lsmod.ts'
import { lspci } from './probes/lspci.ts'
import { lspciCaps } from './probes/lspci-caps.ts'
import { mappings } from './probes/mappings.ts'
import { memory } from './probes/memory.ts'
import { modprobeD } from './probes/modprobe-d.ts'
import { modules } from './probes/modules.ts'
import { numa } from './probes/numa.ts'
import { osRelease } from './probes/os-release.ts'
import { pciPaths } from './probes/pci-paths.ts'
import { pciSysfs } from './probes/pci-sysfs.ts'
import { pveshPci } from './probes/pvesh-pci.ts'
import { pveversion } from './probes/pveversion.ts'
import { reservedRegions } from './probes/reserved-regions.ts'
import { running } from './probes/running.ts'
import { tasks } from './probes/tasks.ts'
import { uname } from './probes/uname.ts'
import { upkeep } from './probes/upkeep.ts'
import { vfioInterrupts } from './probes/vfio-interrupts.ts'

/** Every probe of a visit. The order is that of the script. */
export const probes = [
  uname,
  pveversion,
  osRelease,
  bootId,
  cmdline,
  kernelLog,
  cpu,
  firmware,
  iommuUnits,
  iommuGroups,
  reservedRegions,
  lspci,
  lspciCaps,
  pciSysfs,
  pciPaths,
  defaultGrub,
  defaultGrubD,
  grubSyntax,
  grubCfg,
  grubEnv,
  kernelCmdlineFile,
  bootTool,
  bootLoader,
  loaderDefaults,
  kernels,
  kernelPackages,
  modprobeD,
  modules,
  lsmod,
  initramfs,
  initramfsTools,
  iomem,
  guests,
  running,
  vfioInterrupts,
  mappings,
  tasks,
  hostDevices,
  cluster,
  memory,
  numa,
  clock,
  pveshPci,
  locks,
  upkeep,
  health,
] as const

export type ProbeName = (typeof probes)[number]['name']
