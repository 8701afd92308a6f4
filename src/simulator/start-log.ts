import type { SimulatedNode } from './node.ts'

/** The task log of the last try to start guest 101 in this boot; empty where it would have started. */
export function startLog(node: SimulatedNode): string {
  const started = Math.floor(node.bootedAt.getTime() / 1000)
    .toString(16)
    .toUpperCase()
    .padStart(8, '0')
  const upid = `UPID:${node.scenario.node}:000A1B2C:01F0A2B4:${started}:qmstart:101:root@pam:`
  if (!node.iommuOn) return `${upid}\nTASK ERROR: cannot prepare PCI pass-through, IOMMU not present`
  if (node.cardDriver !== 'vfio-pci') return `${upid}\nTASK ERROR: Cannot bind 0000:01:00.0 to vfio`
  if (!node.scenario.rmrr || node.relaxed) return ''
  const why = /^(5\.|6\.[0-5]\.)/.test(node.kernel)
    ? 'Failed to set iommu for container: Operation not permitted'
    : 'Failed to set group container: Invalid argument'
  return `${upid}
kvm: -device vfio-pci,host=0000:01:00.0,id=hostpci0,bus=ich9-pcie-port-1,addr=0x0: vfio 0000:01:00.0: failed to setup container for group 1: ${why}
TASK ERROR: start failed: QEMU exited with code 1`
}
