import { describe, expect, test } from 'vitest'
import { collect } from '../../src/facts/collect.ts'
import { learn } from '../../src/facts/learn.ts'
import { pciPaths } from '../../src/facts/probes/pci-paths.ts'
import { fakeRoot, localNode } from './local-node.ts'

const ROOT = '/sys/devices/pci0000:00'

describe('the bridge above a device', () => {
  test.each([
    ['a root bus', `${ROOT}/0000:00:1f.3`, '0000:00:1f.3', null],
    ['a root port', `${ROOT}/0000:00:01.0/0000:01:00.1`, '0000:01:00.1', '0000:00:01.0'],
    ['a switch', `${ROOT}/0000:00:01.0/0000:01:00.0/0000:02:08.0/0000:04:00.0`, '0000:04:00.0', '0000:02:08.0'],
    ['a VMD domain', `${ROOT}/0000:00:0e.0/pci10000:e0/10000:e0:06.0`, '10000:e0:06.0', '0000:00:0e.0'],
    ['another host bridge', '/sys/devices/LNXSYSTM:00/pci0000:80/0000:80:01.0', '0000:80:01.0', null],
    ['a line with CRLF and capitals', `${ROOT}/0000:00:01.0/0000:0A:00.0\r`, '0000:0a:00.0', '0000:00:01.0'],
  ])('%s', (_, text, address, parent) => expect(pciPaths.parse(text)).toEqual([{ address, parent }]))

  test.each([
    ['nothing', ''],
    ['a pattern that matched nothing', '/sys/bus/pci/devices/*\n'],
    ['a refusal', 'readlink: /sys/bus/pci/devices: Permission denied\n'],
    ['a list of names without paths', 'total 0\n'],
  ])('is not learned from %s', (_, text) => expect(() => pciPaths.parse(text)).toThrow())
})

test('a node tells where its devices hang', async () => {
  const { rewrite } = fakeRoot({
    'sys/devices/pci0000:00/0000:00:01.0/0000:01:00.0/class': '0x030000\n',
    'sys/bus/pci/devices/0000:00:01.0': { link: '../../../devices/pci0000:00/0000:00:01.0' },
    'sys/bus/pci/devices/0000:01:00.0': { link: '../../../devices/pci0000:00/0000:00:01.0/0000:01:00.0' },
  })
  const now = () => new Date('2026-11-22T09:00:00Z')
  const capture = await collect(localNode({ rewrite }).transport, 'node3', { now, probes: [pciPaths] })
  expect(learn(capture).facts['pci-paths']).toEqual([
    { address: '0000:00:01.0', parent: null },
    { address: '0000:01:00.0', parent: '0000:00:01.0' },
  ])
})
