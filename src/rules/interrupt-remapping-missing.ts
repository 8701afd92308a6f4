import { said } from '../diagnosis/iommu.ts'
import { tokensOf } from '../diagnosis/kernel-line.ts'
import { defineRule, type Evidence, type Finding } from '../diagnosis/rule.ts'
import type { Facts } from '../facts/facts.ts'

const refused = /No interrupt remapping support/
const absent =
  /DMAR-IR: Failed to enable irq remapping|This system BIOS has enabled interrupt remapping|AMD-Vi: Disabling interrupt remapping/
const optedOut = /x2apic is disabled because BIOS sets x2apic opt out bit/
const enabled = /DMAR-IR: Enabled IRQ remapping in|AMD-Vi: Interrupt remapping enabled/

/** Messages K-NO-IR, K-IR-FAIL, K-IR-ERRATUM, K-IR-OPTOUT, K-IR-OK and K-AMD-IR of FACTS 6. */
export const interruptRemappingMissing = defineRule({
  id: 'interrupt-remapping-missing',
  title: 'Interrupt remapping is missing',
  why: 'Without interrupt remapping a guest that owns a device could inject interrupts into the host, so the kernel refuses to hand devices over; QEMU then reports the same "Operation not permitted" as for an RMRR.',
  fix: 'Enable x2APIC and interrupt remapping in the firmware, and remove intremap=off; where the firmware opts out of x2APIC, intremap=no_x2apic_optout overrides it. Only where remapping is proven absent is allow_unsafe_interrupts left, which gives up that protection.',
  links: ['https://pve.proxmox.com/wiki/PCI_Passthrough', 'https://docs.kernel.org/admin-guide/kernel-parameters.html'],
  remedies: ['interrupt-remapping'],
  needs: [],
  clear: 'interrupts are remapped',
  matters: true,
  check: (facts) => {
    const refusals = said(facts, refused)
    if (refusals.length > 0) {
      return found(
        'blocker',
        [...refusals, ...deniedStarts(facts)],
        'The kernel refuses to hand devices to guests because interrupt remapping is missing.',
      )
    }
    const off = (facts.cmdline?.words ?? []).filter((word) => tokensOf([word], 'intremap').includes('off'))
    const evidence = [...said(facts, absent), ...off.map((saw) => ({ saw, probe: 'cmdline' as const }))]
    if (evidence.length > 0) return found('warning', evidence, 'Interrupt remapping is not active on this host.')
    const outs = said(facts, optedOut)
    if (outs.length > 0)
      return found('warning', outs, 'The firmware opts out of x2APIC, which holds interrupt remapping back.')
    if (said(facts, enabled).length > 0) return 'ok'
    const log = facts['kernel-log']
    const units = said(facts, /DMAR: DRHD base/)
    if (!log?.reachesBoot || units.length === 0) return { unknown: ['kernel-log'] }
    return found(
      'warning',
      units.slice(0, 1),
      'The kernel found the IOMMU but never said that it enabled interrupt remapping.',
    )
  },
})

const found = (severity: Finding['severity'], evidence: readonly Evidence[], says: string): Finding => ({
  severity,
  devices: [],
  evidence,
  says,
  remedies: ['interrupt-remapping'],
})

const deniedStarts = (facts: Facts): Evidence[] =>
  (facts.tasks ?? [])
    .flatMap(({ lines }) => lines)
    .filter((line) => /set iommu for container: Operation not permitted/i.test(line))
    .map((saw) => ({ saw, probe: 'tasks' }))
