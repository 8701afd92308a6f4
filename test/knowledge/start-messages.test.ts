import { describe, expect, test } from 'vitest'
import { hasFix } from '../../src/knowledge/package-fixes.ts'
import { rulesOfMessages, startMessage } from '../../src/knowledge/start-messages.ts'
import { rules } from '../../src/rules/index.ts'

test('every message proves a finding that exists and explains the failed start', () => {
  const causes = rules.find(({ id }) => id === 'guest-start-failed')?.mutedBy ?? []
  for (const id of rulesOfMessages) expect(causes).toContain(id)
})

test('the parts that a line names stand in its words', () => {
  const line = "PCI device '0000:05:00.0' already in use by VMID '104'"
  expect(startMessage('device-in-use', 'tasks', line, '102')).toMatchObject({
    means: 'guest 104 has 0000:05:00.0 already',
    cure: expect.stringContaining('qm shutdown 104'),
    named: { device: '0000:05:00.0', guest: '104' },
  })
  expect(startMessage('guest-config', 'tasks', 'q35 machine model is not enabled', '102')?.cure).toContain('qm set 102')
})

const harmless = [
  'kvm: -device vfio-pci,host=0000:01:00.0: vfio 0000:01:00.0: failed to setup container for group 12: Failed to set iommu for container: Operation not permitted',
  'kvm: vfio 0000:01:00.0: failed to setup container for group 13: Failed to set group container: Invalid argument',
  'vfio 0000:01:00.0: no iommu_group found: No such file or directory',
  'kvm: vfio: Cannot reset device 0000:03:00.0, depends on group 15 which is not owned.',
  "failed to reset PCI device '0000:01:00.0', but trying to continue as not all devices need a reset",
  'kvm: vfio-pci: Cannot read device rom at 0000:01:00.0',
  'leftover PCI reservation found for 0000:01:00.0, lets take it...',
  "mdev instance '00000000-0000-0000-0000-000000000101' already existed, using it.",
  'swtpm_setup: Not overwriting existing state file.',
  'TASK ERROR: start failed: QEMU exited with code 1',
  'kvm: vfio_container_dma_map(0x5ae448831540, 0x3ffc00000000, 0x400000000, 0x706d10000000) = -22 (Invalid argument)',
]
describe.each(rulesOfMessages)('%s is not proved by', (rule) => {
  test.each(harmless)('%s', (line) => expect(startMessage(rule, 'tasks', line, '1')).toBeNull())
})

test.each([
  [{ 'qemu-server': '8.0.6' }, '8.1.3', false],
  [{ 'qemu-server': '8.0.7' }, null, true],
  [{ 'qemu-server': '8.0.10' }, null, true],
  [{ 'qemu-server': '7.4-4' }, null, false],
  [{ 'qemu-server': '9.0.1~rc1' }, null, true],
  [{}, '8.1.3', true],
  [{}, '7.4-18', false],
  [{}, '8.0.4', null],
  [{}, null, null],
])('with %j of Proxmox %s the fix is there: %s', (packages, manager, there) => {
  expect(hasFix('ide-on-q35', { manager, packages: packages as Record<string, string> })).toBe(there)
})
