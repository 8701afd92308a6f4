import { describe, expect, test } from 'vitest'
import { chains } from '../../src/boot/chains.ts'
import { fileEdit } from '../../src/boot/file-edit.ts'
import { backByHand, byHand, isCarriedOut, notCarriedOut } from '../../src/changes/by-hand.ts'
import { createHands } from '../../src/changes/hands.ts'
import { jobs } from '../../src/jobs/index.ts'
import type { Transport } from '../../src/ssh/transport.ts'
import { aChange, aPlan, policy } from './a-change.ts'

const onlyToRead = aPlan({
  chain: 'systemd-boot',
  trial: null,
  revert: 'none',
  edits: [fileEdit('/etc/kernel/cmdline', 'root=x\n', 'root=x iommu=pt\n')],
  commands: ['proxmox-boot-tool refresh'],
  commandsBack: ['proxmox-boot-tool refresh'],
  risks: ['This node cannot revert by itself: nobody knows how.'],
})

describe('a plan that a person carries out', () => {
  test('has its commands in order: keep, edit, apply, reboot; and the way back', () => {
    expect(byHand(onlyToRead)).toEqual([
      'cp -p /etc/kernel/cmdline /root/etc-kernel-cmdline.before',
      'nano /etc/kernel/cmdline',
      'proxmox-boot-tool refresh',
      'reboot',
    ])
    expect(backByHand(onlyToRead)).toEqual([
      'cp -p /root/etc-kernel-cmdline.before /etc/kernel/cmdline',
      'proxmox-boot-tool refresh',
      'reboot',
    ])
  })
  test.each([
    ['no trial is known', onlyToRead, /nobody knows how\. Lanekeeper does not carry/, false],
    ['the boot it was made in is not known', aPlan({ bootId: null }), /which boot/, true],
  ])('is not put up where %s', (_, plan, why, carried) => {
    expect(isCarriedOut(plan)).toBe(carried)
    expect(notCarriedOut(plan)).toMatchObject({
      refused: expect.stringMatching(why),
      hint: expect.stringContaining('console of node1'),
    })
  })
  test('is put up where all is there', () => expect(notCarriedOut(aPlan())).toBeUndefined())
})

test('the hands touch no node of a boot chain without acts', async () => {
  const calls: string[] = []
  const transport: Transport = {
    run: async (node) => {
      calls.push(node)
      throw new Error('not to be called')
    },
    close: async () => {},
  }
  const hands = createHands({ transport, chains, jobs, policy: () => policy() })
  const change = aChange('approved', { plan: { ...onlyToRead, chain: 'lilo' } })
  for (const act of [hands.arm(change), hands.keep(change, 'x'), hands.takeBack(change, true), hands.standDown(change)])
    await expect(act).rejects.toMatchObject({ why: 'no-chain', message: expect.stringContaining('lilo') })
  expect(calls).toEqual([])
})
