import { describe, expect, test } from 'vitest'
import { deadSignatures, signaturesIn, whatHelps } from '../../src/knowledge/dead-device-signatures.ts'

describe('signatures of devices that are gone', () => {
  test('each has an id of its own and advice', () => {
    const ids = deadSignatures.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const one of deadSignatures) expect(whatHelps([one], '0000:01:00.0', false)).toMatch(/^[A-Z].*\.$/)
  })
  test.each([
    ['kernel-log', "can't change power state from D3hot to D0 (config space inaccessible)", 'power-state-inaccessible'],
    ['kernel-log', 'Refused to change power state, currently in D3', 'power-state-refused'],
    ['kernel-log', 'Refused to change power state from D3cold to D0', 'power-state-refused'],
    ['kernel-log', 'not ready 65535ms after PM D3hot->D0; giving up', 'not-ready-after-reset'],
    ['kernel-log', 'amdgpu 0000:03:00.0: amdgpu: device lost from bus!', 'off-the-bus'],
    ['kernel-log', 'pcieport 0000:00:07.0: pciehp: Slot(5): Link Down', 'link-not-active'],
    ['tasks', "internal error: Unknown PCI header type '127' for device", 'header-type-all-ones'],
    [
      'tasks',
      "hw/pci/pci.c:1248: pci_irq_handler: Assertion `0 <= irq_num && irq_num < 4' failed.",
      'interrupt-pin-all-ones',
    ],
    ['lspci-caps', 'LnkSta: Speed unknown, Width x63', 'link-all-ones'],
    ['lspci-caps', 'LnkSta: Speed 2.5GT/s, Width x0', 'link-width-0'],
  ] as const)('%s: %s', (probe, text, id) => {
    expect(signaturesIn(probe, text).map((one) => one.id)).toEqual([id])
  })
  test.each([
    ['kernel-log', 'Refused to change power state, currently in D0'],
    ['kernel-log', 'Refused to change power state from D0 to D3hot'],
    ['kernel-log', 'not ready 1023ms after FLR; waiting'],
    ['kernel-log', 'vfio-pci 0000:01:00.0: reset done'],
    ['tasks', "Unknown PCI header type '1' for device"],
    ['lspci-caps', 'LnkSta: Speed 16GT/s, Width x16'],
    ['pci-sysfs', 'power_state=D3hot'],
  ] as const)('nothing in %s: %s', (probe, text) => expect(signaturesIn(probe, text)).toEqual([]))
  test('advice names the device, and leaves out what is done already', () => {
    const [reset] = deadSignatures.filter(({ helps }) => helps.includes('reset-method'))
    if (!reset) throw new Error('no such signature')
    expect(whatHelps([reset], '0000:0b:00.0', false)).toContain('/0000:0b:00.0/reset_method')
    const [idle] = deadSignatures.filter(({ helps }) => helps.includes('idle-power'))
    if (!idle) throw new Error('no such signature')
    expect(whatHelps([idle], '0000:0b:00.0', false)).toContain('disable_idle_d3=1')
    expect(whatHelps([idle], '0000:0b:00.0', true)).not.toContain('disable_idle_d3=1')
  })
})
