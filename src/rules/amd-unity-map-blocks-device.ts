import { naming } from '../diagnosis/devices.ts'
import { iommuVendor } from '../diagnosis/iommu.ts'
import { atLeast } from '../diagnosis/kernel-release.ts'
import { directRegions, mappingRefusals, regionsAreClear } from '../diagnosis/refusals.ts'
import { defineRule } from '../diagnosis/rule.ts'

/** FACTS 3: IVMD unity maps are `direct` and block since kernel 6.6; relax_rmrr is an Intel option and no cure. */
export const amdUnityMapBlocksDevice = defineRule({
  id: 'amd-unity-map-blocks-device',
  title: 'A firmware memory mapping (IVMD) blocks the device',
  why: 'The AMD firmware demands a fixed 1:1 memory mapping for the device (an IVMD entry, usually from "Pre-boot DMA Protection"), and kernels from 6.6 on refuse to give such a device to a guest. No kernel argument changes that; relax_rmrr is for Intel.',
  fix: 'In the firmware setup disable "Pre-boot DMA Protection" or the "Kernel DMA Protection Indicator", or update the firmware.',
  links: ['https://docs.kernel.org/arch/x86/iommu.html', 'https://docs.kernel.org/driver-api/vfio.html'],
  needs: [],
  matters: true,
  check: (facts, target) => {
    const vendor = iommuVendor(facts)
    if (vendor === 'intel') return 'ok'
    if (vendor === null) return { unknown: ['cpu'] }
    const refusals = mappingRefusals(facts, target).filter(({ older }) => !older)
    const direct = directRegions(facts, target)
    const devices = [...new Set([...refusals.map(({ address }) => address), ...direct.devices])].toSorted()
    if (devices.length === 0) return regionsAreClear(facts, target) ? 'ok' : { unknown: ['reserved-regions'] }
    const strict = refusals.length > 0 ? true : facts.uname === undefined ? null : atLeast(facts.uname, 6, 6)
    if (strict === null) return { unknown: ['uname'] }
    const names = devices.map((address) => naming(facts, address)).join(', ')
    return {
      severity: strict ? 'blocker' : 'warning',
      devices,
      says: strict
        ? `The firmware demands a 1:1 memory mapping for ${names}, so the kernel will not give it to a guest; relax_rmrr does not help on AMD.`
        : `The firmware demands a 1:1 memory mapping for ${names}, which kernels from 6.6 on refuse to give to a guest.`,
      evidence: [...refusals.map(({ evidence }) => evidence), ...direct.evidence],
      remedies: [],
    }
  },
})
