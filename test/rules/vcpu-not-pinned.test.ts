import type { Facts } from '../../src/facts/facts.ts'
import { vcpuNotPinned } from '../../src/rules/vcpu-not-pinned.ts'
import { conf, read } from './guest-text.ts'
import { testRule } from './test-rule.ts'

const node = (number: number): Facts => read('pci-sysfs', `0000:01:00.0 numa_node=${number} physfn=`)
const one: Facts = { numa: [{ node: 0, cpus: '0-15' }] }
const two: Facts = {
  numa: [
    { node: 0, cpus: '0-7,16-23' },
    { node: 1, cpus: '8-15,24-31' },
  ],
}
const guest = (lines: Record<string, string> = {}) => conf({ 101: { hostpci0: '01:00.0', ...lines } })

testRule(vcpuNotPinned, {
  ok: {
    'pinned beside its device': { facts: { ...guest({ affinity: '8-11,24' }), ...two, ...node(1) } },
    'pinned where there is one node only': { facts: { ...guest({ affinity: '0-3' }), ...one } },
    'pinned, and the firmware does not tell where the device is': {
      facts: { ...guest({ affinity: '0-3' }), ...two, ...node(-1) },
    },
    'no guest has a device': { facts: conf({ 101: {} }) },
    'another guest is not pinned': {
      facts: { ...conf({ 101: { hostpci0: '01:00.0', affinity: '0' }, 102: { hostpci0: '02:00.0' } }), ...one },
      target: 'vm:101',
    },
  },
  found: {
    'no affinity, and the node of the device is known': {
      facts: { ...guest({ sockets: '2' }), ...two, ...node(1) },
      severity: 'notice',
      devices: ['0000:01:00.0'],
      saw: 'no affinity line',
      says: /^Guest 101 has no CPU affinity \(qm set 101 --affinity 24-31\)\.$/,
    },
    'no affinity on a host with one node': { facts: { ...guest(), ...one, ...node(-1) }, says: /--affinity 12-15\)/ },
    'no affinity, and the nodes were not read': { facts: guest(), says: /--affinity <cores>\)/ },
    'pinned to the other node': {
      facts: { ...guest({ affinity: '6-9' }), ...two, ...node(1) },
      severity: 'notice',
      saw: 'node1: 8-15,24-31',
      says: /pinned to 6-7, away from NUMA node 1 .*--affinity 28-31/,
    },
  },
  unknown: {
    'a hook script may pin it': { facts: guest({ hookscript: 'local:snippets/pin.sh' }) },
    'only a part of the configuration was read': { facts: read('guests', 'hostpci0: 01:00.0\n') },
    'the nodes were not read': { facts: guest({ affinity: '0-3' }) },
    'where the device is was not read': { facts: { ...guest({ affinity: '0-3' }), ...two } },
    'a mapping was not read': { facts: { ...conf({ 101: { hostpci0: 'mapping=gpu', affinity: '0' } }), ...one } },
  },
})
