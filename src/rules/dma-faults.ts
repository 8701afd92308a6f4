import { concernOf } from '../diagnosis/concern.ts'
import { naming } from '../diagnosis/devices.ts'
import { type Fault, faultsOf } from '../diagnosis/dma-faults.ts'
import { hasToken } from '../diagnosis/kernel-line.ts'
import { defineRule } from '../diagnosis/rule.ts'
import type { Facts } from '../facts/facts.ts'

/** From how many repaired link errors on they are no longer chance. */
const MANY = 5

/** FACTS 3: after relax_rmrr, faults inside a firmware region mean that the firmware goes on using it. */
export const dmaFaults = defineRule({
  id: 'dma-faults',
  title: 'The device makes faulty transfers',
  why: 'The IOMMU stopped transfers of the device to memory that it was not given, or the PCIe link reports errors. Under load that shows as a guest that hangs, a card that drops out, or wrong data.',
  fix: 'For faults of the IOMMU, update the guest’s driver and the card’s firmware, and take relax_rmrr back if the faults began with it: the firmware then still uses the memory. For link errors, reseat the card, change the slot, riser or cable, and try a lower PCIe generation in the firmware setup.',
  links: [
    'https://docs.kernel.org/PCI/pcieaer-howto.html',
    'https://docs.kernel.org/arch/x86/iommu.html',
    'https://github.com/kiler129/relax-intel-rmrr/blob/master/deep-dive.md',
  ],
  needs: ['kernel-log'],
  mutedBy: ['device-gone-dead'],
  check: (facts, target) => {
    const faults = faultsOf(facts, target)
    if (faults.length === 0) {
      const { open } = concernOf(facts, target)
      if (open.length > 0) return { unknown: open }
      return facts['kernel-log'].reachesBoot ? 'ok' : { unknown: ['kernel-log'] }
    }
    const serious = faults.filter(({ corrected }) => !corrected)
    const devices = [...new Set(faults.map(({ address }) => address))].toSorted()
    const many = faults.length >= MANY || faults.some(({ line }) => /Multiple/.test(line))
    return {
      severity: serious.length > 0 || many ? 'warning' : 'notice',
      devices,
      says: saying(facts, devices, serious.length > 0 ? serious : faults),
      evidence: (serious.length > 0 ? serious : faults)
        .slice(0, 6)
        .map(({ line }) => ({ saw: line, probe: 'kernel-log' })),
      remedies: [],
    }
  },
})

function saying(facts: Facts, devices: readonly string[], faults: readonly Fault[]): string {
  const names = devices.map((address) => naming(facts, address)).join(', ')
  if (faults.some(({ kind }) => kind === 'dma')) {
    const relaxed = hasToken(facts.cmdline?.words ?? [], 'intel_iommu', 'relax_rmrr')
    const hint = relaxed ? '; relax_rmrr is live, so the firmware may still be using that memory' : ''
    return `The IOMMU stopped faulty transfers of ${names}${hint}.`
  }
  return faults.every(({ corrected }) => corrected)
    ? `The link of ${names} reports errors, which it has corrected so far.`
    : `The link of ${names} reports errors that it could not correct.`
}
