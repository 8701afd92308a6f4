import { dmaFaults } from '../../src/rules/dma-faults.ts'
import { guest, guests, line, log, wholeLog } from './sample.ts'
import { neverTurns } from './sample-hardware.ts'
import { type Shown, testRule } from './test-rule.ts'

const target = 'device:04:00.0'
const dmar =
  'DMAR: [DMA Write NO_PASID] Request device [04:00.0] fault addr 0xbdf80000 [fault reason 0x05] PTE Write access is not set'
const corrected = 'pcieport 0000:00:1c.0: AER: Corrected error message received from 0000:04:00.0'

const ok: Record<string, Shown> = {
  'nothing of the kind since the boot': { facts: wholeLog('DMAR: DRHD: handling fault status reg 3'), target },
  'another device': { facts: wholeLog(dmar.replace('04:00.0', '05:00.0')), target },
  'AER is only switched on': {
    facts: wholeLog(
      'pcieport 0000:00:1c.0: AER: enabled with IRQ 122',
      'nvme 0000:04:00.0: AER: aer_status: 0x00000001',
    ),
    target,
  },
}

const found: Record<string, Shown> = {
  'the IOMMU of Intel': { facts: log(dmar), target, severity: 'warning', devices: ['0000:04:00.0'], saw: 'PTE Write' },
  'as older kernels say it': {
    facts: log('DMAR:[DMA Read] Request device [04:00.0] fault addr bdf80000'),
    target,
    severity: 'warning',
  },
  'interrupt remapping': {
    facts: log(
      'DMAR: [INTR-REMAP] Request device [04:00.0] fault index 0x1c [fault reason 0x22] Present field in the IRTE entry is clear',
    ),
    target,
    severity: 'warning',
  },
  'the IOMMU of AMD': {
    facts: log(
      'vfio-pci 0000:04:00.0: AMD-Vi: Event logged [IO_PAGE_FAULT domain=0x0012 address=0xfffffffdf8000000 flags=0x0008]',
    ),
    target,
    severity: 'warning',
  },
  'the device stands in the event': {
    facts: log('AMD-Vi: Event logged [IO_PAGE_FAULT device=04:00.0 domain=0x0012 address=0xff6101b0 flags=0x0070]'),
    target,
  },
  'the event is on a line of its own': {
    facts: log('AMD-Vi: Event logged [', 'IO_PAGE_FAULT device=04:00.0 domain=0x0012 address=0xff6101b0 flags=0x0070]'),
    target,
  },
  'the device no longer takes invalidations': {
    facts: log('AMD-Vi: Event logged [IOTLB_INV_TIMEOUT device=04:00.0 address=0x10012a000]'),
    target,
  },
  'relax_rmrr may be why': {
    facts: { ...log(dmar), ...line('intel_iommu=on,relax_rmrr') },
    target,
    says: /relax_rmrr is live/,
  },
  'an error of the link that stays': {
    facts: log('vfio-pci 0000:04:00.0: PCIe Bus Error: severity=Uncorrected (Non-Fatal), type=Transaction Layer'),
    target,
    severity: 'warning',
    says: /could not correct/,
  },
  'an error of the port above': {
    facts: {
      ...log('pcieport 0000:00:1c.0: PCIe Bus Error: severity=Uncorrected (Fatal), type=Transaction Layer'),
      'pci-paths': [{ address: '0000:04:00.0', parent: '0000:00:1c.0' }],
    },
    target,
    devices: ['0000:04:00.0'],
  },
  'a single one that the link corrected': { facts: log(corrected), target, severity: 'notice' },
  'many of them': { facts: log(...Array(5).fill(corrected)), target, severity: 'warning' },
  'on the device of a guest': {
    facts: { ...log(dmar), ...guests(guest(101, ['0000:04:00'])) },
    devices: ['0000:04:00.0'],
  },
}

testRule(dmaFaults, {
  ok,
  found,
  unknown: {
    'the log does not reach back to the boot': { facts: log('x'), target },
    'what the guests get was not read': { facts: wholeLog(dmar) },
  },
})
neverTurns(dmaFaults, ok, found)
