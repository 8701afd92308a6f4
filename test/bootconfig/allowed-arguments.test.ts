import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkAllowed, givesUpIsolation } from '../../src/bootconfig/allowed-arguments.ts'

const adding = (...add: string[]) => ({ add, remove: [] })
const removing = (...remove: string[]) => ({ add: [], remove })

test.each([
  adding('intel_iommu=on'),
  adding('intel_iommu=on,relax_rmrr', 'iommu=pt', 'intremap=no_x2apic_optout'),
  adding('amd_iommu=pgtbl_v2'),
  adding('vfio-pci.ids=10de:1b80,10DE:10f0', 'vfio-pci.disable_idle_d3=1'),
  adding('vfio_iommu_type1.allow_unsafe_interrupts=1', 'initcall_blacklist=sysfb_init'),
  adding('pcie_acs_override=downstream,multifunction,id:8086:1d26'),
  adding('modprobe.blacklist=nouveau,nvidia_drm'),
  { add: ['video=efifb:off', 'video=vesafb:off'], remove: ['video=efifb:off,vesafb:off'] },
  { add: ['initcall_blacklist=acpi_cpufreq_init'], remove: ['initcall_blacklist=sysfb_init,acpi_cpufreq_init'] },
  { add: ['modprobe.blacklist=snd-hda-intel,nouveau'], remove: ['modprobe.blacklist=snd-hda-intel'] },
  removing(
    'intel_iommu=off',
    'iommu=soft',
    'amd_iommu=on',
    'vfio-pci-ids=8086:9a49',
    'video=efifb:off',
    'pcie_aspm=off',
  ),
  { add: ['intel_iommu=weird,on'], remove: ['intel_iommu=weird'] },
  { add: [], remove: [] },
])('allows %j', (change) => {
  expect(checkAllowed(change)).toBeUndefined()
})

test.each([
  ['init=/bin/sh', adding('init=/bin/sh')],
  ['intel_iommu=off', adding('intel_iommu=off')],
  ['intel_iommu=on,off', { add: ['intel_iommu=on,off'], remove: ['intel_iommu=off'] }],
  ['intel_iommu=on,', adding('intel_iommu=on,')],
  ['intel_iommu', adding('intel_iommu')],
  ['iommu=off', adding('iommu=off')],
  ['amd_iommu=on', adding('amd_iommu=on')],
  ['vfio-pci.ids=10de', adding('vfio-pci.ids=10de')],
  [`vfio-pci.ids=${Array(17).fill('10de:1b80').join()}`, adding(`vfio-pci.ids=${Array(17).fill('10de:1b80').join()}`)],
  ['modprobe.blacklist=a b', adding('modprobe.blacklist=a b')],
  ['modprobe.blacklist=snd-hda-intel', adding('modprobe.blacklist=snd-hda-intel')],
  ['modprobe.blacklist=nouveau,zfs', adding('modprobe.blacklist=nouveau,zfs')],
  ['modprobe.blacklist=vfio_pci', adding('modprobe.blacklist=vfio_pci')],
  ['modprobe.blacklist=dm_mod,nouveau', adding('modprobe.blacklist=dm_mod,nouveau')],
  ['modprobe.blacklist=KVM', adding('modprobe.blacklist=KVM')],
  ['panic=30', adding('panic=30')],
  ['lanekeeper.trial=x', adding('lanekeeper.trial=x')],
  ['constructor=1', adding('constructor=1')],
  ['__proto__=1', adding('__proto__=1')],
  ['nomodeset', adding('nomodeset')],
  ['video=efifb:off,vesafb:off', adding('video=efifb:off,vesafb:off')],
  ['initcall_blacklist=virtio_pci_driver_init', adding('initcall_blacklist=virtio_pci_driver_init')],
  ['root=/dev/sda1', removing('root=/dev/sda1')],
  ['ro', removing('ro')],
  ['rd.break', removing('rd.break')],
  ['systemd.unit=rescue.target', removing('systemd.unit=rescue.target')],
  ['console=ttyS0', removing('console=ttyS0')],
  ['net.ifnames=0', removing('net.ifnames=0')],
  ['boot=zfs', removing('boot=zfs')],
  ['zfs.zfs_arc_max=1', removing('zfs.zfs_arc_max=1')],
  ['=x', removing('=x')],
])('refuses %s, naming it', (word, change) => {
  expect(checkAllowed(change)?.refused).toContain(word)
})

test('a trial may have its marker and its panic', () => {
  expect(checkAllowed(adding('panic=30', 'lanekeeper.trial=V1StGXR8_Z5'), { trial: true })).toBeUndefined()
  expect(checkAllowed(adding('panic=0'), { trial: true })).toBeDefined()
})

test('undoing may put back what a change of ours took, and nothing else', () => {
  expect(checkAllowed(adding('intel_iommu=off'), { restore: ['intel_iommu=off'] })).toBeUndefined()
  expect(checkAllowed(adding('intel_iommu=off'), { restore: ['iommu=soft'] })).toBeDefined()
  expect(checkAllowed(adding('init=/bin/sh'), { restore: ['init=/bin/sh'] })).toBeDefined()
})

test('no word with a character that the shell or GRUB acts on passes, whichever way it goes', () => {
  const active = fc.constantFrom(...';&|<>{}$\\\'"`\n\r\t \u00a0\u201c()*?[]#~!^é\0')
  const plain = fc.constantFrom('intel_iommu=on', 'vfio-pci.ids=10de:1b80', 'modprobe.blacklist=nouveau', 'foo=bar')
  fc.assert(
    fc.property(plain, active, fc.nat(30), fc.boolean(), (word, char, at, add) => {
      const bad = word.slice(0, at) + char + word.slice(at)
      expect(checkAllowed(add ? adding(bad) : removing(bad), { trial: true })).toBeDefined()
    }),
  )
})

test.each([
  ['pcie_acs_override=downstream', true],
  ['pcie_acs_override=id:8086:1d26', true],
  ['vfio_iommu_type1.allow_unsafe_interrupts=1', true],
  ['vfio-iommu-type1.allow_unsafe_interrupts=Y', true],
  ['vfio_iommu_type1.allow_unsafe_interrupts', true],
  ['vfio_iommu_type1.allow_unsafe_interrupts=0', false],
  ['intremap=off', true],
  ['intremap=no_x2apic_optout,nosid', true],
  ['intremap=no_x2apic_optout', false],
  ['intel_iommu=on,relax_rmrr', false],
  ['quiet', false],
])('%s gives up isolation: %s', (word, expected) => {
  expect(givesUpIsolation(word)).toBe(expected)
})
