import { describe, expect, test } from 'vitest'
import { allowVfio } from '../../src/remedies/allow-vfio.ts'

const ailment = { cause: 'vfio-not-available', devices: [] }
const at = (path: string, ...lines: string[]) => lines.map((line) => ({ path, line }))
const HARD = '/etc/modprobe.d/hardening.conf'

describe('allow-vfio', () => {
  test('makes comments of the lines, of all files, and leaves every other line', () => {
    const lines = [
      ...at(HARD, 'install usb-storage /bin/true', 'install vfio-pci /bin/false', 'blacklist nouveau'),
      ...at('/etc/modprobe.d/z.conf', 'install vfio_iommu_type1 /bin/true'),
    ]
    expect(allowVfio.wish({ 'modprobe-d': lines }, ailment)).toMatchObject({
      inPlace: true,
      files: [
        {
          path: HARD,
          was: 'install usb-storage /bin/true\ninstall vfio-pci /bin/false\nblacklist nouveau\n',
          text: 'install usb-storage /bin/true\n# install vfio-pci /bin/false\nblacklist nouveau\n',
        },
        { path: '/etc/modprobe.d/z.conf', text: '# install vfio_iommu_type1 /bin/true\n' },
      ],
    })
    expect(allowVfio.uncured({ 'modprobe-d': lines }, ailment)).toHaveLength(2)
    expect(allowVfio.uncured({ 'modprobe-d': at(HARD, '# install vfio-pci /bin/false') }, ailment)).toEqual([])
  })

  test('refuses where nothing keeps vfio off, or nothing could be read', () => {
    const other = at(HARD, 'install nouveau /bin/false', 'install vfio-pci /sbin/modprobe --ignore-install vfio-pci')
    expect(allowVfio.wish({ 'modprobe-d': other }, ailment)).toHaveProperty('refused')
    expect(allowVfio.wish({}, ailment)).toHaveProperty('refused')
    expect(allowVfio.uncured({}, ailment)).toHaveLength(1)
  })
})
