import type { Actor, Before, Change, In, State } from '../../src/changes/change.ts'
import { digest, type Plan } from '../../src/changes/plan.ts'
import { Policy } from '../../src/changes/policy.ts'

export const OLD_BOOT = '11111111-1111-4111-8111-111111111111'
export const TRIAL_BOOT = '22222222-2222-4222-8222-222222222222'
export const T0 = '2026-11-22T09:00:00.000Z'

export const actor = (name: string, bot = false): Actor => ({ id: `console:${name}`, name, bot })

export const policy = (given: Partial<Policy> = {}): Policy =>
  Policy.parse({ approvers: ['console:ann', 'console:bob'], ...given })

export const aPlan = (given: Partial<Plan> = {}): Plan => ({
  node: 'node1',
  cause: 'iommu-off',
  target: null,
  remedy: 'kernel-arguments',
  title: 'Switch the IOMMU on',
  args: { add: ['intel_iommu=on'], remove: [] },
  line: { now: ['root=/dev/sda1', 'ro', 'quiet'], kept: ['root=/dev/sda1', 'ro', 'quiet', 'intel_iommu=on'] },
  kernel: '6.5.13-5-pve',
  bootId: OLD_BOOT,
  edits: [],
  jobs: [],
  commands: ['update-grub'],
  commandsBack: ['update-grub'],
  chain: 'grub',
  trial: { kind: 'flag', on: 'esp', uuid: '7B1A-22C1' },
  reboot: true,
  revert: 'proven',
  risk: 1,
  risks: [],
  goesDown: [],
  staysOff: [],
  takesAtBoot: [],
  devices: [],
  undoes: null,
  ...given,
})

export const before: Before = {
  health: {
    nics: [{ name: 'eno1', mac: '52:54:00:00:00:01', state: 'up', address: '0000:05:00.0' }],
    bridges: [{ name: 'vmbr0', ports: ['eno1'] }],
    mounts: [{ target: '/', fs: 'ext4', readOnly: false }],
    failedUnits: [],
    dmaFaults: 0,
    system: 'running',
  },
  running: [],
  onboot: [],
  devices: ['0000:00:00.0'],
  cluster: null,
  groups: {},
}

/** A change in any state, with what that state has to hold. */
export function aChange<S extends State>(state: S, given: Partial<Change> = {}): In<S> {
  const plan = aPlan()
  return {
    id: 'c1',
    version: 1,
    plan,
    digest: digest(plan),
    requestedBy: actor('olga'),
    createdAt: T0,
    since: T0,
    expiresAt: '2026-11-23T09:00:00.000Z',
    votes: [],
    log: [],
    before,
    oldBootId: OLD_BOOT,
    trialBootId: TRIAL_BOOT,
    wellSince: null,
    because: 'a reason',
    touched: false,
    outcome: 'done',
    state,
    ...given,
  } as unknown as In<S>
}
