import { describe, expect, test } from 'vitest'
import type { Wanted } from '../../src/boot/chain.ts'
import { chainOf } from '../../src/boot/chains.ts'
import { grubEsp } from '../../src/boot/grub-esp.ts'
import type { Facts } from '../../src/facts/facts.ts'
import { learn } from '../../src/facts/learn.ts'
import { ESP } from '../../src/simulator/esp-model.ts'
import { simulateNode } from '../../src/simulator/node.ts'
import { probeTexts } from '../../src/simulator/probe-texts.ts'
import { scenarios } from '../../src/simulator/scenario.ts'
import { line } from '../rules/sample.ts'

/** What the probes of a simulated node find that GRUB boots from an ESP. */
const node: Facts = (() => {
  const [scenario] = scenarios
  if (!scenario) throw new Error('no scenario')
  const simulated = simulateNode({ ...scenario, loader: 'grub-esp' }, { boot: 1, second: 1 })
  simulated.stop()
  const probes = Object.entries(probeTexts(simulated)).map(([name, text]) => [name, { text: `${text}\n`, exit: 0 }])
  return learn({
    node: 'node1',
    takenAt: new Date('2026-11-22T09:00:00Z'),
    probes: Object.fromEntries(probes),
  } as never).facts
})()
const tool = (given: Partial<NonNullable<Facts['boot-tool']>>): Facts =>
  node['boot-tool'] ? { 'boot-tool': { ...node['boot-tool'], ...given } } : {}
const env = (given: Partial<NonNullable<Facts['grub-env']>>): Facts =>
  node['grub-env'] ? { 'grub-env': { ...node['grub-env'], ...given } } : {}
const kernels = (given: Partial<NonNullable<Facts['kernels']>>): Facts =>
  node.kernels ? { kernels: { ...node.kernels, ...given } } : {}
const without = (name: keyof Facts): Facts => Object.fromEntries(Object.entries(node).filter(([key]) => key !== name))
const iommu: Wanted = { args: { add: ['intel_iommu=on', 'iommu=pt'], remove: [] } }

describe('which way the running boot came', () => {
  test.each<[string, Facts, boolean | null]>([
    ['the image lies at the top of an ESP that proxmox-boot-tool keeps', node, true],
    [
      'the same, with GRUB’s name of the disk',
      { ...node, ...line('BOOT_IMAGE=(hd0,gpt2)/vmlinuz-6.5.13-5-pve quiet') },
      true,
    ],
    ['the image lies below /boot', { ...node, ...line('BOOT_IMAGE=/boot/vmlinuz-6.5.13-5-pve quiet') }, false],
    ['the image lies on ZFS', { ...node, ...line('BOOT_IMAGE=/ROOT/pve-1@/boot/vmlinuz-5.4.0 quiet') }, false],
    ['systemd-boot', { ...node, ...line('initrd=\\EFI\\proxmox\\6.5\\initrd.img-6.5 quiet') }, false],
    ['a /boot of its own, without proxmox-boot-tool', { ...node, ...tool({ managed: false }) }, false],
    ['proxmox-boot-tool told nothing', without('boot-tool'), null],
    ['no mark on the line', { ...node, ...line('quiet') }, null],
    ['nothing is known', {}, null],
  ])('%s', (_, facts, expected) => {
    expect(grubEsp.boots(facts)).toBe(expected)
    expect(chainOf(facts)?.id === 'grub-esp').toBe(expected === true)
  })
})

test('edits GRUB’s defaults, refreshes the ESPs, and tries by a flag on the first of them', () => {
  expect(grubEsp.forecast(node, iommu)).toMatchObject({
    edits: [
      { path: '/etc/default/grub', diff: expect.arrayContaining([expect.stringContaining('intel_iommu=on iommu=pt')]) },
    ],
    commands: ['proxmox-boot-tool refresh'],
    kept: ['root=/dev/mapper/pve-root', 'ro', 'quiet', 'intel_iommu=on', 'iommu=pt'],
    trial: { kind: 'flag', on: 'esp', uuid: ESP },
  })
})

test('what is left in the environment block of /boot/grub does not matter: GRUB reads another one', () => {
  const facts = { ...node, ...env({ variables: { next_entry: '1' }, customSourced: null, bootWritable: null }) }
  expect(grubEsp.forecast(facts, iommu)).toMatchObject({ trial: { kind: 'flag' } })
})

describe('it is refused', () => {
  const uefi = { kind: 'uefi' as const, versions: ['6.5.13-5-pve'] }
  test.each<[string, Facts, RegExp]>([
    [
      'an ESP is not set up for GRUB',
      { ...node, ...tool({ esps: [{ uuid: 'A-1', loaders: [uefi] }] }) },
      /not set up for GRUB/,
    ],
    [
      'an ESP is gone',
      { ...node, ...tool({ warnings: ['WARN: /dev/disk/by-uuid/7B1B-0001 does not exist'] }) },
      /cannot be had: no file system with the UUID 7B1B-0001/,
    ],
    ['no ESP is shown', { ...node, ...tool({ esps: [] }) }, /shows no ESP/],
    ['the ESPs are not known', without('boot-tool'), /could not be read/],
    ['the default entry is a saved one', { ...node, ...env({ grubDefault: 'saved' }) }, /saved/],
    ['GRUB’s menu is not known', without('grub-cfg'), /could not be read whole/],
    [
      'a pin has not come to the ESPs',
      { ...node, ...kernels({ pinned: '6.5.11-8-pve' }) },
      /start kernel 6\.5\.13-5-pve, and a refresh would make that 6\.5\.11-8-pve/,
    ],
    [
      'a newer kernel has not come to the ESPs',
      { ...node, ...kernels({ installed: ['6.5.13-5-pve', '6.8.12-4-pve'] }) },
      /a refresh would make that 6\.8\.12-4-pve/,
    ],
    [
      'the same kernel in another build has not',
      { ...node, ...kernels({ installed: ['6.5.13-5-pve', '6.5.13-5-pve-relaxablermrr'] }) },
      /a refresh would make that 6\.5\.13-5-pve-relaxablermrr/,
    ],
    ['a kernel is pinned for the next boot', { ...node, ...kernels({ nextBoot: '6.5.11-8-pve' }) }, /next boot only/],
  ])('%s', (_, facts, why) => {
    expect(grubEsp.forecast(facts, iommu)).toMatchObject({ refused: expect.stringMatching(why) })
  })
  test.each<[string, Facts, RegExp]>([
    ['a tool is missing', { ...node, ...env({ tools: ['grub-editenv'] }) }, /lacks grub-script-check/],
    ['what GRUB can write is not known', without('boot-loader'), /could not be read/],
    ['the ESP is not there', { ...node, 'boot-loader': { ...node['boot-loader'], esps: [] } as never }, /is not there/],
  ])('as a trial: %s', (_, facts, why) => {
    expect(grubEsp.forecast(facts, iommu)).toMatchObject({ trial: { refused: expect.stringMatching(why) } })
  })
})
