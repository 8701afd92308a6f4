import { createHash, randomUUID } from 'node:crypto'
import { evaluateGrubDefaults } from '../bootconfig/grub-defaults.ts'
import { isRefusal } from '../errors.ts'
import type { Disk } from './disk.ts'
import { bootEntry, refreshEsp } from './esp-model.ts'
import { firstFiles, grubFolder, PIN } from './files.ts'
import { bootOnce, generateConfig } from './grub-model.ts'
import type { Pace } from './pace.ts'
import { type Scenario, spareOf } from './scenario.ts'
import { startLog } from './start-log.ts'

export type Mood = 'well' | 'drops' | 'hangs' | 'floods'

export interface SimulatedNode {
  readonly scenario: Scenario
  readonly files: Disk
  readonly line: string
  readonly bootId: string
  readonly bootedAt: Date
  /** Boots since the node was made, the first one included, and those of them that were trials. */
  readonly boots: { all: number; trials: number }
  /** Whether the network answers. */
  readonly reachable: boolean
  /** The kernel that runs, those that are installed (the newest first), and the one that is pinned. */
  readonly kernel: string
  readonly kernels: readonly string[]
  readonly pinned: string | null
  readonly iommuOn: boolean
  /** The driver that has the card of guest 101. */
  readonly cardDriver: string
  readonly knowsRelax: boolean
  readonly relaxed: boolean
  flag: string | null
  /** The entry that systemd-boot is told to start once. */
  oneshot: string | null
  decided: string | null
  /** How it takes the next script: it answers, drops the connection, hangs, or prints without an end. */
  mood: () => Mood
  /** What its task index holds, and who hears of each line that is added. */
  readonly tasks: { readonly lines: string[]; readonly heard: Set<(line: string) => void> }
  /** What its upkeep probe prints. */
  upkeep: string
  /** The network cable is out. */
  unplugged: boolean
  /** Nothing answers SSH, until the next boot starts it anew. */
  sshdKilled: boolean
  /** Acts that fail from now on, by name, with the code they fail with. */
  readonly faults: Map<string, string>
  now(): Date
  sha256Of(path: string): string
  grubSyntax(): string
  failedStart(): string
  /** Writes what boots, as update-grub or proxmox-boot-tool would; false when its source cannot be read. */
  generate(): boolean
  restart(): void
  /** The plug is pulled and put back. */
  powerCycle(): void
  stop(): void
}

/** A node that is not there: files, a boot loader, a kernel line and a guard, as far as lanekeeper can see them. */
export function simulateNode(scenario: Scenario, pace: Pace): SimulatedNode {
  const files = firstFiles(scenario)
  const boots = { all: 0, trials: 0 }
  const timers = new Set<NodeJS.Timeout>()
  let line = ''
  let early = ''
  let bootId = ''
  let bootedAt = new Date()
  let up = false

  const later = (ms: number, act: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      act()
    }, ms)
    timer.unref()
    timers.add(timer)
  }
  const sleep = () => {
    up = false
    for (const timer of timers) clearTimeout(timer)
    timers.clear()
  }
  const isTrial = () => line.includes('lanekeeper.trial=')

  const boot = () => {
    const folder = grubFolder(scenario.loader)
    const booted = bootOnce(files.get(`${folder}/grub.cfg`) ?? '', files.get(`${folder}/custom.cfg`) ?? null, node.flag)
    node.flag = booted.flag
    early = files.get(booted.initramfs) ?? ''
    node.decided = null
    node.sshdKilled = false
    const ordered = node.oneshot
    node.oneshot = null
    line = scenario.loader === 'systemd-boot' ? bootEntry(files, ordered, node.kernels[0] ?? '') : booted.line
    boots.all += 1
    bootId = randomUUID()
    bootedAt = new Date()
    if (!isTrial()) {
      up = true
      return
    }
    boots.trials += 1
    if (scenario.trialFails === 'root') {
      later(30 * pace.second, restart)
      return
    }
    up = scenario.trialFails !== 'network'
    const deadline = /-lt (\d+)/.exec(files.get('/etc/lanekeeper/guard.sh') ?? '')?.[1]
    if (deadline !== undefined) later(Number(deadline) * pace.second, goBackUnlessConfirmed)
  }
  const goBackUnlessConfirmed = () => {
    if (node.decided === bootId || node.decided === 'stopped') return
    node.decided = 'going-back'
    // What a read-only /boot keeps is spent all the same: the guard reboots whatever it could remove.
    if (!files.readOnly) files.delete('/boot/grub/custom.cfg')
    restart()
  }
  const restart = () => {
    sleep()
    later(pace.boot, boot)
  }

  const node: SimulatedNode = {
    scenario,
    files,
    boots,
    flag: null,
    oneshot: null,
    decided: null,
    mood: () => 'well',
    tasks: { lines: [], heard: new Set() },
    upkeep: 'looked: yes',
    unplugged: false,
    sshdKilled: false,
    faults: new Map(),
    get line() {
      return line
    },
    get bootId() {
      return bootId
    },
    get bootedAt() {
      return bootedAt
    },
    get reachable() {
      return up && !node.unplugged && !node.sshdKilled
    },
    get kernel() {
      return /^(?:BOOT_IMAGE=\S*vmlinuz|initrd=\S*initrd\.img)-(\S+)/.exec(line)?.[1] ?? scenario.kernel
    },
    get kernels() {
      return scenario.newer ? [scenario.newer, scenario.kernel] : [scenario.kernel, spareOf(scenario.kernel)]
    },
    get pinned() {
      return files.get(PIN)?.trim() ?? null
    },
    get cardDriver() {
      return early.includes('0000:01:00.0=') ? 'vfio-pci' : (scenario.hostDriver ?? 'vfio-pci')
    },
    get iommuOn() {
      if (scenario.trialFails === 'cure' && isTrial()) return false
      if (!scenario.vtd || /\bintel_iommu=\S*\boff\b/.test(line)) return false
      return /\bintel_iommu=\S*\bon\b/.test(line) || !/^(5\.|6\.[0-7]\.)/.test(node.kernel)
    },
    get knowsRelax() {
      return !/^(5\.|6\.2\.16-3-)/.test(node.kernel)
    },
    get relaxed() {
      return node.knowsRelax && /\bintel_iommu=\S*relax_rmrr/.test(line)
    },
    now: () => new Date(),
    sha256Of: (path) => {
      const text = files.get(path)
      return text === undefined ? 'absent' : createHash('sha256').update(text).digest('hex')
    },
    grubSyntax: () => {
      const values = evaluateGrubDefaults([{ path: '/etc/default/grub', text: files.get('/etc/default/grub') ?? '' }])
      if (isRefusal(values)) return `sh: ${values.refused}`
      return `GRUB_CMDLINE_LINUX=${values.linux}\nGRUB_CMDLINE_LINUX_DEFAULT=${values.linuxDefault}\nGRUB_DEFAULT=0`
    },
    failedStart: () => startLog(node),
    generate: () => {
      if (scenario.loader === 'systemd-boot') return refreshEsp(files, node.kernels, node.pinned)
      const images = scenario.loader === 'grub' ? '/boot/' : '/'
      const config = generateConfig(files.get('/etc/default/grub') ?? '', node.kernels, node.pinned, images)
      if (config !== null) files.set(`${grubFolder(scenario.loader)}/grub.cfg`, config)
      return config !== null
    },
    restart,
    powerCycle: restart,
    stop: sleep,
  }
  node.generate()
  boot()
  return node
}
