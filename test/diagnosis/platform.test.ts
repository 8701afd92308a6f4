import { describe, expect, test } from 'vitest'
import { risksOfPlatform, switchesIommuOn, whereInSetup } from '../../src/diagnosis/platform.ts'
import { amd, firmware, intel } from '../rules/sample.ts'

const dell = firmware(['DMAR'], { sysVendor: 'Dell Inc.', product: 'PowerEdge R420' })

describe('what the board may lose', () => {
  test('is told for boards on the list, with its source', () => {
    const [risk, ...others] = risksOfPlatform(dell)
    expect(risk).toMatch(/^On boards like this one \(Dell Inc\. PowerEdge R420\).*https:.*\.$/)
    expect(others).toEqual([])
  })
  test('is nothing for other boards, and where the board is not known', () => {
    expect(risksOfPlatform(firmware([], { sysVendor: 'ASUS', product: 'PRIME' }))).toEqual([])
    expect(risksOfPlatform(firmware([]))).toEqual([])
    expect(risksOfPlatform({})).toEqual([])
  })
})

describe('a kernel line switches the IOMMU on', () => {
  test.each([
    [['quiet'], ['quiet', 'intel_iommu=on'], true],
    [['intel_iommu=off'], ['quiet'], true],
    [['iommu=off'], [], true],
    [['intel_iommu=off'], ['intel_iommu=on,relax_rmrr'], true],
    [['intel_iommu=on'], ['intel_iommu=on,relax_rmrr'], false],
    [['quiet'], ['quiet', 'iommu=pt'], false],
    [['iommu=off'], ['iommu=off', 'quiet'], false],
  ])('from %j to %j: %s', (now, kept, on) => expect(switchesIommuOn(now, kept)).toBe(on))
})

describe('where the switch is', () => {
  test('is told by maker and processor', () => {
    expect(whereInSetup({ ...intel, ...dell }, 'iommu')).toContain('"System BIOS > Processor Settings')
    expect(whereInSetup({ ...amd, ...dell }, 'iommu')).toBe('')
  })
  test('is not guessed while board or processor is not known', () => {
    expect(whereInSetup(intel, 'iommu')).toBe('')
    expect(whereInSetup(firmware(null, { sysVendor: 'ASUS' }), 'iommu')).toBe('')
  })
})
