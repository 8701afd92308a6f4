import { describe, expect, test } from 'vitest'
import { isRefusal } from '../../src/errors.ts'
import type { Facts } from '../../src/facts/facts.ts'
import { clearOnboot } from '../../src/remedies/clear-onboot.ts'
import { clearOneShot } from '../../src/remedies/clear-one-shot.ts'
import { mendGrubFile } from '../../src/remedies/mend-grub-defaults.ts'
import { refreshEsps } from '../../src/remedies/refresh-esps.ts'
import { guest } from '../rules/sample.ts'

const ailment = { cause: 'x', devices: [] }
const cluster = (ha: string[] = []): Facts => ({
  cluster: { members: 1, quorate: true, expectedVotes: 1, totalVotes: 1, ha, maintenance: null } as never,
})
const env = (variables: Record<string, string>, bootStack = 'lvm', bootFs = 'ext4') =>
  ({ 'grub-env': { variables, bootStack, bootFs }, kernels: { installed: [], nextBoot: null } }) as unknown as Facts

describe('clear-onboot', () => {
  const guests = {
    guests: [
      { ...guest(101, ['0000:01:00.0']), onboot: true },
      { ...guest(102, []), onboot: false },
    ],
  } as Facts
  const facts = { ...guests, ...cluster() }
  const asked = { ...ailment, guests: [101, 102] }
  test('clears those that start at boot, and knows when they do not any more', () => {
    const wish = clearOnboot.wish(facts, asked)
    expect(wish).toMatchObject({
      inPlace: true,
      jobs: [{ job: 'guest-onboot', with: { guest: '101', from: '1', to: '0' } }],
    })
    if (isRefusal(wish)) throw new Error(wish.refused)
    const plan = { ...asked, jobs: wish.jobs ?? [] }
    expect(clearOnboot.uncured(facts, plan)).toEqual(['guest 101 still starts with the node'])
    expect(clearOnboot.uncured({ guests: [{ ...guest(101, []), onboot: false }] } as Facts, plan)).toEqual([])
    expect(clearOnboot.uncured({}, plan)).not.toEqual([])
  })
  test.each<[string, Facts, RegExp]>([
    [
      'high availability starts the guest',
      { ...guests, ...cluster(['vm:101 started']) },
      /high availability starts guest 101/,
    ],
    ['no guest is set so', { guests: [{ ...guest(101, []), onboot: false }] as never, ...cluster() }, /no guest/],
    ['the cluster could not be read', guests, /could not be read/],
  ])('is refused where %s', (_, seen, why) =>
    expect(clearOnboot.wish(seen, asked)).toMatchObject({ refused: expect.stringMatching(why) }),
  )
  test('a number is not another one', () =>
    expect(clearOnboot.wish({ ...guests, ...cluster(['vm:1011 started']) }, asked)).not.toHaveProperty('refused'))
})

describe('clear-one-shot', () => {
  test('takes next_entry out where GRUB cannot', () => {
    expect(clearOneShot.wish(env({ next_entry: '1>2' }), ailment)).toMatchObject({
      jobs: [{ job: 'grub-environment', with: { name: 'next_entry', from: '1>2', to: '' } }],
    })
    expect(clearOneShot.uncured(env({ next_entry: '1>2' }), ailment)).not.toEqual([])
    expect(clearOneShot.uncured(env({}), ailment)).toEqual([])
    expect(clearOneShot.uncured({}, ailment)).not.toEqual([])
  })
  test('leaves one alone that GRUB clears itself: that boot is to come', () =>
    expect(clearOneShot.wish(env({ next_entry: '1' }, 'plain'), ailment)).toHaveProperty('refused'))
  test('unpins a kernel that had its boot, and no other', () => {
    const pinned = (running: string): Facts => ({
      ...env({}),
      uname: running,
      kernels: { nextBoot: '6.8.12-4-pve' } as never,
    })
    expect(clearOneShot.wish(pinned('6.8.12-4-pve'), ailment)).toMatchObject({ jobs: [{ job: 'next-boot-pin' }] })
    expect(clearOneShot.wish(pinned('6.8.12-3-pve'), ailment)).toHaveProperty('refused')
  })
})

describe('refresh-esps', () => {
  const esp = (uuid: string, ...versions: string[]) => ({ uuid, loaders: [{ kind: 'uefi' as const, versions }] })
  const facts = (
    file: string,
    esps = [esp('A', '6.8.12-4-pve', '6.8.12-3-pve'), esp('B', '6.8.12-4-pve')],
    warnings: string[] = [],
  ): Facts => ({
    cmdline: {
      line: `initrd=\\EFI\\proxmox\\6.8.12-4-pve\\initrd.img root=ZFS=rpool quiet`,
      words: [`initrd=\\EFI\\proxmox\\6.8.12-4-pve\\initrd.img`, 'root=ZFS=rpool', 'quiet'],
    },
    'boot-loader': { loaderInfo: 'systemd-boot 252' } as never,
    'boot-tool': { managed: true, booted: 'uefi', esps, warnings } as never,
    'kernel-cmdline-file': { first: file, text: `${file}\n` } as never,
    kernels: {
      installed: ['6.8.12-4-pve'],
      running: '6.8.12-4-pve',
      pinned: null,
      nextBoot: null,
      default: '6.8.12-4-pve',
    },
  })
  test('refreshes where nothing else would change, and looks whether they are alike then', () => {
    expect(refreshEsps.wish(facts('root=ZFS=rpool quiet'), ailment)).toMatchObject({
      inPlace: true,
      jobs: [{ job: 'refresh-esps' }],
    })
    expect(refreshEsps.uncured(facts('x'), ailment)).not.toEqual([])
    expect(refreshEsps.uncured(facts('x', [esp('A', '6.8', '6.5'), esp('B', '6.5', '6.8')]), ailment)).toEqual([])
    expect(refreshEsps.uncured({}, ailment)).not.toEqual([])
  })
  test('a refresh that would bring words nobody has tried is refused', () =>
    expect(refreshEsps.wish(facts('root=ZFS=rpool quiet iommu=pt'), ailment)).toMatchObject({
      refused: expect.stringContaining('iommu=pt'),
    }))
  test('one that is gone is for a person', () => {
    const gone = facts('root=ZFS=rpool quiet', undefined, [
      'WARN: /dev/disk/by-uuid/7B1A-22C1 does not exist - skipping',
    ])
    expect(refreshEsps.wish(gone, ailment)).toMatchObject({ hint: expect.stringContaining('proxmox-boot-tool clean') })
  })
})

describe('mend-grub-defaults', () => {
  const facts = (text: string, errors: string[] = []): Facts => ({
    'default-grub': { text },
    'default-grub-d': [],
    'grub-syntax': { errors, values: {} },
  })
  test('closes the quote, generates nothing, and says what the next generation gives', () => {
    const broken = facts('GRUB_CMDLINE_LINUX_DEFAULT="quiet iommu=pt\nGRUB_CMDLINE_LINUX=""\n', ['unterminated'])
    const wish = mendGrubFile.wish(broken, ailment)
    expect(wish).toMatchObject({ inPlace: true, risks: [expect.stringContaining('quiet iommu=pt')] })
    if (isRefusal(wish)) throw new Error(wish.refused)
    expect(wish.jobs).toBeUndefined()
    expect(wish.files).toMatchObject([
      {
        path: '/etc/default/grub',
        diff: ['- GRUB_CMDLINE_LINUX_DEFAULT="quiet iommu=pt', '+ GRUB_CMDLINE_LINUX_DEFAULT="quiet iommu=pt"'],
      },
    ])
    expect(mendGrubFile.uncured(broken, ailment)).not.toEqual([])
    expect(mendGrubFile.uncured(facts(wish.files?.[0]?.text ?? ''), ailment)).toEqual([])
  })
  test('is refused where the files could not be read whole', () =>
    expect(mendGrubFile.wish({ 'default-grub': { text: 'GRUB_TIMEOUT = 5' } }, ailment)).toHaveProperty('refused'))
})
