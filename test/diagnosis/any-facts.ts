import fc from 'fast-check'
import type { z } from 'zod'
import type { Facts } from '../../src/facts/facts.ts'
import { probes } from '../../src/facts/probes.ts'

/** Texts that mean something to some rule, beside plain noise. */
const telling = fc.constantFrom(
  '',
  '0000:01:00.0',
  '0000:01:00',
  '0000:01:00.1',
  '0600',
  '0300',
  '10de',
  'vfio-pci',
  'nouveau',
  'direct',
  'msi',
  'dmar0',
  'DMAR',
  'intel_iommu=on,relax_rmrr',
  'intel_iommu=off',
  'iommu=pt',
  'relax_rmr',
  'vfio-pci-ids=10de:10de',
  'BOOT_IMAGE=/boot/vmlinuz-6.8.12-4-pve',
  'initrd=\\EFI\\proxmox\\x',
  'GRUB_CMDLINE_LINUX="',
  'GRUB_CMDLINE_LINUX_DEFAULT="quiet iommu=pt"\n',
  '6.8.12-4-pve',
  '5.15.158-2-pve',
  'vfio-pci 0000:01:00.0: Firmware has requested this device have a 1:1 IOMMU mapping',
  'DMAR: IOMMU enabled',
  "DMAR: Unknown option - 'x'",
  'vfio 0000:01:00.0: group 1 is not viable',
  'start failed: QEMU exited with code 1',
  'console',
  'gnulinux-simple',
)
const text = fc.oneof({ weight: 4, arbitrary: telling }, fc.string({ maxLength: 12 }))

/** Facts with any probes, each of the form that its schema allows. */
export const anyFacts: fc.Arbitrary<Facts> = fc.record(
  Object.fromEntries(probes.map(({ name, schema }) => [name, valuesOf(schema)])),
  { requiredKeys: [] },
) as fc.Arbitrary<Facts>

function valuesOf(schema: z.core.$ZodType): fc.Arbitrary<unknown> {
  const { def } = schema._zod as z.core.$ZodTypes['_zod']
  switch (def.type) {
    case 'object':
      return fc.record(Object.fromEntries(Object.entries(def.shape).map(([key, value]) => [key, valuesOf(value)])))
    case 'array':
      return fc.array(valuesOf(def.element), { maxLength: 4 })
    case 'record':
      return fc.dictionary(text, text, { maxKeys: 3 })
    case 'nullable':
      return fc.option(valuesOf(def.innerType))
    case 'enum':
      return fc.constantFrom(...Object.values(def.entries))
    case 'boolean':
      return fc.boolean()
    case 'number':
      return fc.nat(3)
    default:
      return text
  }
}
