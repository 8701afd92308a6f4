import type { Diagnosed } from '../../src/cards/report-card.ts'
import type { Actor, Change, In } from '../../src/changes/change.ts'
import { digest, type Plan } from '../../src/changes/plan.ts'
import { Policy } from '../../src/changes/policy.ts'
import type { Report, Result } from '../../src/diagnosis/report.ts'
import type { Rule } from '../../src/diagnosis/rule.ts'

export const operator: Actor = { id: 'console:operator', name: 'operator', bot: false }
export const approver: Actor = { id: 'console:approver', name: 'approver', bot: false }
export const policy = Policy.parse({ approvers: ['console:approver'] })

export const rule = (id: string, title: string, rest: Partial<Rule> = {}): Rule =>
  ({
    id,
    title,
    why: 'A guest cannot own a PCI device unless an IOMMU keeps its DMA apart from the host.',
    fix: 'Take intel_iommu=off out of the kernel line, or switch VT-d on in the firmware.',
    links: [],
    needs: ['cmdline', 'iommu-groups'],
    mutedBy: [],
    check: () => 'ok',
    ...rest,
  }) as Rule

const cause: Result = {
  rule: rule('iommu-off', 'The kernel runs without an IOMMU'),
  status: 'found',
  severity: 'blocker',
  devices: ['0000:01:00.0', '0000:01:00.1'],
  says: 'The kernel runs without an IOMMU, because it was told so: intel_iommu=off.',
  evidence: [
    {
      saw: 'BOOT_IMAGE=/boot/vmlinuz-6.8.12-4-pve root=/dev/mapper/pve-root ro quiet intel_iommu=off',
      probe: 'cmdline',
    },
    { saw: 'no IOMMU groups', probe: 'iommu-groups' },
  ],
  remedies: ['kernel-arguments'],
}

const results: readonly Result[] = [
  { rule: rule('iommu-off-in-firmware', 'The firmware hides the IOMMU'), status: 'ok' },
  cause,
  {
    rule: rule('guest-start-failed', 'A guest did not start'),
    status: 'muted',
    by: 'iommu-off',
    evidence: [
      { saw: 'kvm: -device vfio-pci,host=0000:01:00.0: vfio 0000:01:00.0: no iommu_group found', probe: 'tasks' },
    ],
  },
  {
    rule: rule('group-shared', 'Other devices share the group'),
    status: 'found',
    severity: 'warning',
    devices: ['0000:01:00.0'],
    evidence: [{ saw: '/sys/kernel/iommu_groups/1/devices/0000:00:01.0', probe: 'iommu-groups' }],
    remedies: [],
  },
  { rule: rule('legacy-bios', 'The host booted without EFI'), status: 'unknown', missing: ['firmware'] },
  { rule: rule('interrupt-remapping-missing', 'No interrupt remapping'), status: 'unknown', missing: ['firmware'] },
  { rule: rule('cmdline-typo', 'A misspelt argument'), status: 'crashed', error: new Error('x is undefined') },
]

export const report: Report = {
  node: 'node3',
  target: { kind: 'vm', id: 101 },
  takenAt: '2026-11-22T09:00:00Z',
  verdict: { status: 'broken', cause: 'iommu-off', says: (cause as { says: string }).says },
  results,
}

const hash = (digit: string) => digit.repeat(64)
export const plan: Plan = {
  node: 'node3',
  cause: 'iommu-off',
  target: 'vm:101',
  remedy: 'kernel-arguments',
  title: 'Switch the IOMMU on for the kernel',
  args: { add: ['intel_iommu=on', 'iommu=pt'], remove: ['intel_iommu=off'] },
  line: {
    now: ['root=/dev/mapper/pve-root', 'ro', 'quiet', 'intel_iommu=off'],
    kept: ['root=/dev/mapper/pve-root', 'ro', 'quiet', 'intel_iommu=on', 'iommu=pt'],
  },
  kernel: '6.8.12-4-pve',
  bootId: '3f2b8f5e-1a1c-4c61-9a2e-0d9c6a9f1b11',
  edits: [
    {
      path: '/etc/default/grub',
      before: hash('a'),
      after: hash('b'),
      was: 'GRUB_CMDLINE_LINUX_DEFAULT="quiet intel_iommu=off"\n',
      text: 'GRUB_CMDLINE_LINUX_DEFAULT="quiet intel_iommu=on iommu=pt"\n',
      diff: [
        '-GRUB_CMDLINE_LINUX_DEFAULT="quiet intel_iommu=off"',
        '+GRUB_CMDLINE_LINUX_DEFAULT="quiet intel_iommu=on iommu=pt"',
      ],
    },
  ],
  jobs: [],
  commands: ['update-grub'],
  commandsBack: ['update-grub'],
  chain: 'grub',
  trial: { kind: 'flag', on: 'esp', uuid: '6238-15AA' },
  reboot: true,
  revert: 'proven',
  risk: 1,
  risks: ['Groups may turn out larger than hoped: then only the diagnosis changes.'],
  staysOff: [],
  takesAtBoot: [],
  goesDown: ['qemu 101', 'lxc 200'],
  devices: ['0000:01:00.0'],
  undoes: null,
}

export const diagnosis: Diagnosed = { report, plan, noPlanBecause: null, offers: [] }

const before: In<'arming'>['before'] = {
  cluster: null,
  groups: {},
  health: {
    nics: [],
    bridges: [],
    mounts: [],
    failedUnits: [],
    dmaFaults: 0,
  } as unknown as In<'arming'>['before']['health'],
  running: [],
  onboot: [],
  devices: [],
}
const trialBootId = '7c0f2c3a-52a0-4f9f-9f57-1e2d3c4b5a69'

/** A change in a state, with whatever that state has besides. */
export function change(state: Change['state'], rest: object = {}): Change {
  const proposed = {
    id: 'c1',
    version: 1,
    plan,
    digest: digest(plan),
    requestedBy: operator,
    createdAt: '2026-11-22T09:00:05Z',
    since: '2026-11-22T09:00:05Z',
    expiresAt: '2026-11-23T09:00:05Z',
    votes: [],
    log: [{ at: '2026-11-22T09:00:05Z', says: 'Proposed by lanekeeper for operator (console:operator).' }],
  }
  const extras = {
    before,
    oldBootId: plan.bootId,
    trialBootId,
    wellSince: null,
    because: 'the network did not come up',
    touched: false,
    outcome: 'done',
  }
  const votes =
    state === 'proposed' ? [] : [{ by: approver, yes: true, digest: digest(plan), at: '2026-11-22T09:01:00Z' }]
  return { ...extras, ...proposed, state, votes, ...rest } as unknown as Change
}
