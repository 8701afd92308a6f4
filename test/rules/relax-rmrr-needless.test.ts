import { relaxRmrrNeedless } from '../../src/rules/relax-rmrr-needless.ts'
import { device, groups, intel, line, log, lspci, regions, wholeLog } from './sample.ts'
import { testRule } from './test-rule.ts'

const said = 'DMAR: Intel-IOMMU: assuming all RMRRs are relaxable. This can lead to instability or data loss'
const active = { ...intel, ...log(said), ...line('ro intel_iommu=on,relax_rmrr iommu=pt') }
const usb = device('0000:00:14.0', { class: '0c03' })
const gpu = device('0000:00:02.0')
const hba = device('0000:04:00.0', { class: '0107' })
const node = { ...groups({ 1: ['0000:00:02.0'], 2: ['0000:00:14.0'], 7: ['0000:04:00.0'] }), ...lspci(gpu, usb, hba) }
const clear = regions([1, 'msi'], [2, 'msi'], [7, 'msi'])

testRule(relaxRmrrNeedless, {
  ok: {
    'not active': { facts: { ...intel, ...wholeLog('x'), ...line('ro intel_iommu=on'), ...node, ...clear } },
    'a device has a region that only the option releases': {
      facts: { ...active, ...node, ...clear, ...regions([1, 'msi'], [2, 'msi'], [7, 'direct-relaxable']) },
    },
    'another device shares the group of one that any kernel relaxes': {
      facts: {
        ...active,
        ...lspci(usb, hba),
        ...groups({ 1: ['0000:00:14.0', '0000:04:00.0'] }),
        ...regions([1, 'direct-relaxable']),
      },
    },
    'a region that is not released': { facts: { ...active, ...node, ...regions([7, 'direct']) } },
  },
  found: {
    'no region at all': {
      facts: { ...active, ...node, ...clear },
      severity: 'notice',
      saw: 'assuming all RMRRs are relaxable',
      remedies: ['drop-argument'],
      suggests: { add: ['intel_iommu=on'], remove: ['intel_iommu=on,relax_rmrr'] },
    },
    'only USB and the display have one': {
      facts: { ...active, ...node, ...regions([1, 'direct-relaxable'], [2, 'direct-relaxable'], [7, 'msi']) },
      severity: 'notice',
      saw: '0000:00:02.0 0000:00:14.0',
    },
    'the option stands alone': {
      facts: { ...active, ...line('ro intel_iommu=relax_rmrr'), ...node, ...clear },
      suggests: { add: [], remove: ['intel_iommu=relax_rmrr'] },
    },
    'only the log was read': { facts: { ...log(said), ...node, ...clear }, remedies: [] },
  },
  unknown: {
    'a group without any region was not read': { facts: { ...active, ...node, ...regions([1, 'msi'], [2, 'msi']) } },
    'what is in a group with a region was not read': {
      facts: { ...active, ...groups({ 1: ['0000:00:14.0'] }), ...regions([1, 'direct-relaxable']) },
    },
    'whether it is active is not known': { facts: { ...node, ...clear } },
    'no group was read': { facts: { ...active, ...groups({}), ...regions() } },
  },
})
