import { naming } from '../diagnosis/devices.ts'
import { iommuVendor } from '../diagnosis/iommu.ts'
import { knowsRelaxRmrr } from '../diagnosis/kernel-release.ts'
import { patchedKernel } from '../diagnosis/lacking-relax-rmrr.ts'
import { directRegions, mappingRefusals, regionsAreClear } from '../diagnosis/refusals.ts'
import { defineRule } from '../diagnosis/rule.ts'

/** FACTS 3. Not the RMRR lines of the log (they name no device) and not QEMU's words (they have other causes too). */
export const rmrrBlocksDevice = defineRule({
  id: 'rmrr-blocks-device',
  title: 'A firmware memory region (RMRR) blocks the device',
  why: 'The firmware claims memory that the device must reach at fixed addresses (an RMRR, on HPE machines often "HP Shared Memory"), so the kernel refuses to give the device to a guest. QEMU then exits with code 1.',
  fix: 'Look for a firmware switch first: "HP Shared Memory features" on HPE Gen9 and newer, the conrep exclusion of the slot on Gen8, a firmware update elsewhere. Failing that, intel_iommu=on,relax_rmrr on a kernel that has the option lets the device go, at the risk the kernel itself names: instability or data loss.',
  links: [
    'https://docs.kernel.org/arch/x86/iommu.html',
    'https://pve.proxmox.com/wiki/PCI_Passthrough',
    'https://github.com/kiler129/relax-intel-rmrr/blob/master/deep-dive.md',
  ],
  remedies: ['relax-rmrr', 'install-kernel'],
  needs: [],
  mutedBy: ['wrong-boot-file', 'boot-config-not-generated', 'reboot-pending', 'cmdline-typo', 'wrong-kernel-running'],
  matters: true,
  clear: 'no firmware memory region (RMRR) blocks the devices',
  check: (facts, target) => {
    const vendor = iommuVendor(facts)
    const refusals = mappingRefusals(facts, target).filter((one) => one.older || vendor === 'intel')
    if (vendor === 'amd' && refusals.length === 0) return 'ok'
    const direct = vendor === 'intel' ? directRegions(facts, target) : { devices: [], evidence: [] }
    const devices = [...new Set([...refusals.map(({ address }) => address), ...direct.devices])].toSorted()
    if (devices.length === 0) {
      if (vendor === null) return { unknown: ['cpu'] }
      return regionsAreClear(facts, target) ? 'ok' : { unknown: ['reserved-regions'] }
    }
    const capable = facts.uname !== undefined && knowsRelaxRmrr(facts.uname) === true
    return {
      severity: 'blocker',
      devices,
      says: `The firmware ties ${devices.map((address) => naming(facts, address)).join(', ')} to memory of its own (RMRR), and the kernel will not give ${devices.length > 1 ? 'them' : 'it'} to a guest.`,
      evidence: [...refusals.map(({ evidence }) => evidence), ...direct.evidence],
      ...(capable ? { remedies: ['relax-rmrr'] } : patchedKernel(facts)),
    }
  },
})
