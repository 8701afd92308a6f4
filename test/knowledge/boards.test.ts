import { describe, expect, test } from 'vitest'
import { lossesOf, menuPath } from '../../src/knowledge/boards.ts'

describe('boards that lose something when the IOMMU goes on', () => {
  test.each([
    ['HP', 'ProLiant DL320e Gen8 v2', /SATA/],
    ['HP', 'ProLiant DL380p Gen8', /Broadcom/],
    ['HP', 'ProLiant DL320 G6', /Smart Array/],
    ['HPE', 'ProLiant MicroServer Gen10', /Marvell/],
    ['Dell Inc.', 'PowerEdge R420', /RAID/],
    ['Dell Inc.', 'PowerEdge R330', /RAID/],
    ['Dell Inc.', 'PowerEdge R610', /boot/],
  ])('%s %s', (vendor, product, loses) => {
    const losses = lossesOf({ vendor, product })
    expect(losses.map((one) => one.loses).join()).toMatch(loses)
    for (const { source } of losses) expect(source).toMatch(/^https:/)
  })
  test.each([
    ['HPE', 'ProLiant DL380 Gen10 Plus'],
    ['HPE', 'ProLiant MicroServer Gen10 Plus'],
    ['HP', 'ProLiant DL380 Gen9'],
    ['Dell Inc.', 'PowerEdge R4200'],
    ['Dell Inc.', 'OptiPlex 7060'],
    ['ASUS', 'PowerEdge R420'],
    ['', ''],
  ])('not %s %s', (vendor, product) => expect(lossesOf({ vendor, product })).toEqual([]))
})

describe('where the firmware setup has the switch', () => {
  test.each([
    ['ASUSTeK COMPUTER INC.', 'System Product Name', 'intel', 'iommu', /System Agent.*VT-d$/],
    ['ASUS', 'System Product Name', 'amd', 'virtualization', /SVM Mode$/],
    ['Gigabyte Technology Co., Ltd.', 'B550 AORUS ELITE', 'amd', 'iommu', /Miscellaneous > IOMMU$/],
    ['Dell Inc.', 'OptiPlex 7060', 'intel', 'iommu', /^Virtualization Support > VT for Direct I\/O$/],
    ['Dell Inc.', 'PowerEdge R730', 'intel', 'iommu', /Processor Settings/],
    ['HPE', 'ProLiant DL380 Gen10', 'intel', 'iommu', /Intel VT-d$/],
    ['HPE', 'ProLiant DL385 Gen10 Plus', 'amd', 'iommu', /AMD I\/O Virtualization/],
    ['LENOVO', '10AXS00000', 'intel', 'iommu', /CPU Setup/],
    ['LENOVO', '20MAS87F00', 'intel', 'virtualization', /^Security/],
    ['Supermicro', 'SYS-1029P-WTR', 'intel', 'iommu', /IIO Configuration/],
  ] as const)('%s %s, %s, %s', (vendor, product, cpu, what, path) => {
    expect(menuPath({ vendor, product }, cpu, what)).toMatch(path)
  })
  test.each([
    ['Nobody Inc.', 'Board', 'intel', 'iommu'],
    ['Dell Inc.', 'OptiPlex 7060', 'amd', 'iommu'],
    ['HPE', 'ProLiant DL380p Gen8', 'intel', 'iommu'],
    ['LENOVO', 'ThinkSystem SR650 -[7X06CTO1WW]-', 'intel', 'iommu'],
    ['ASRock', 'B550 Pro', 'amd', 'iommu'],
  ] as const)('nobody knows for %s %s, %s, %s', (vendor, product, cpu, what) => {
    expect(menuPath({ vendor, product }, cpu, what)).toBeNull()
  })
})
