import { describe, expect, test } from 'vitest'
import { isOutdated, startFailures } from '../../src/diagnosis/start-failures.ts'
import type { Facts } from '../../src/facts/facts.ts'
import { conf, read, runs } from '../rules/guest-text.ts'
import { failed, groups } from '../rules/sample.ts'
import { aim } from '../rules/test-rule.ts'

const qemu = (address: string) =>
  `kvm: -device vfio-pci,host=${address},id=hostpci0,addr=0x0: vfio ${address}: group 3 is not viable`
const mute = 'kvm: something failed'
const two = conf({ 101: { hostpci0: '01:00' }, 102: { hostpci0: '02:00.0' } })

describe('a failed start concerns', () => {
  test.each<[string, Facts, string, boolean]>([
    ['the device that it names', failed(100, [qemu('0000:01:00.0')]), 'device:01:00.0', true],
    ['the card of the function that it names', failed(100, [qemu('0000:01:00.1')]), 'device:01:00.0', true],
    ['the slot whose function it names', failed(100, [qemu('0000:01:00.1')]), 'device:01:00', true],
    ['the device whose slot it names', failed(100, ["no PCI device found for '0000:01:00'"]), 'device:01:00.0', true],
    ['no other device', failed(100, [qemu('0000:02:00.0')]), 'device:01:00.0', false],
    ['no device of another domain', failed(100, [qemu('0001:01:00.0')]), 'device:01:00.0', false],
    [
      'the device of another domain that is asked about',
      failed(100, [qemu('10000:01:00.0')]),
      'device:10000:01:00.0',
      true,
    ],
    ['no other part of the chipset', failed(100, [qemu('0000:00:1f.3')]), 'device:00:1f.0', false],
    [
      'a part of the chipset in the same group',
      { ...failed(100, [qemu('0000:00:1f.3')]), ...groups({ 3: ['0000:00:1f.0', '0000:00:1f.3'] }) },
      'device:00:1f.0',
      true,
    ],
    [
      'no other virtual function of the card',
      {
        ...failed(100, [qemu('0000:41:00.5')]),
        ...read('pci-sysfs', '0000:41:00.4 physfn=0000:41:00.0\n0000:41:00.5 physfn=0000:41:00.0'),
      },
      'device:41:00.4',
      false,
    ],
    [
      'the device of the guest that failed, whatever it says',
      { ...two, ...failed(101, [mute]) },
      'device:01:00.0',
      true,
    ],
    ['no device of another guest', { ...two, ...failed(102, [mute]) }, 'device:01:00.0', false],
    ['any device while the guests are not known', failed(102, [mute]), 'device:01:00.0', true],
    [
      'any device while its mapping is not known',
      { ...conf({ 101: { hostpci0: 'mapping=gpu' } }), ...failed(101, [mute]) },
      'device:01:00.0',
      true,
    ],
    [
      'the card that a mediated device is made of',
      { ...conf({ 101: { hostpci0: '01:00.0,mdev=x' } }), ...failed(101, [], 'could not create mediated device') },
      'device:01:00.0',
      true,
    ],
    [
      'the lone guest without a number',
      { ...read('guests', 'hostpci0: 01:00'), ...failed(101, [mute]) },
      'device:01:00.0',
      true,
    ],
    [
      'no device that the lone guest has not',
      { ...read('guests', 'hostpci0: 01:00'), ...failed(101, [mute]) },
      'device:02:00.0',
      false,
    ],
    ['its guest', { ...two, ...failed(101, [mute]) }, 'vm:101', true],
    ['no other guest', { ...two, ...failed(102, [mute]) }, 'vm:101', false],
  ])('%s', (_, facts, target, concerned) => {
    expect(startFailures(facts, aim(target))).toHaveLength(concerned ? 1 : 0)
  })
})

describe('what a start failed for is over', () => {
  const inUse = failed(102, ["PCI device '0000:02:00.0' already in use by VMID '104'"])
  const needsQ35 = failed(101, [], 'q35 machine model is not enabled')
  test.each<[string, Facts, boolean]>([
    ['when the guest that had the device is down', { ...inUse, ...runs(101) }, true],
    ['not while it runs', { ...inUse, ...runs(104) }, false],
    ['not while nobody knows who runs', inUse, false],
    [
      'when the machine type is right by now',
      { ...needsQ35, ...conf({ 101: { machine: 'q35', hostpci0: '01:00' } }) },
      true,
    ],
    ['not while it is not', { ...needsQ35, ...conf({ 101: { hostpci0: '01:00' } }) }, false],
    ['not while the guest is not known', needsQ35, false],
  ])('%s', (_, facts, over) => {
    expect(startFailures(facts, null).map((task) => isOutdated(facts, task))).toEqual([over])
  })
})
