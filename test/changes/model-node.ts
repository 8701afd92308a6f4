import { randomUUID } from 'node:crypto'
import { ActFailed } from '../../src/boot/act-script.ts'
import type { Change } from '../../src/changes/change.ts'
import type { Plan } from '../../src/changes/plan.ts'
import type { Eyes, Hands } from '../../src/changes/ports.ts'
import { OperatorError } from '../../src/errors.ts'
import type { Facts } from '../../src/facts/facts.ts'
import { before } from './a-change.ts'

/** How a trial boot ends on the modelled node. */
export type Fate = 'well' | 'panics' | 'hangs' | 'loses its network' | 'does not cure' | 'gets worse'
/** What goes wrong with the next act. */
export type Mishap = 'refused' | 'refused half-way' | 'answer lost' | 'connection lost'

const BOOT_SECONDS = 60
const PANIC_SECONDS = 30

/** A node as the design sees it: a permanent configuration, a trial entry with its flag, a guard, and boots. */
export interface ModelNode {
  readonly hands: Hands
  /** What a look shows; throws where the node cannot be reached. */
  look(): Facts
  fate: Fate
  /** Mishaps of the acts to come, in order. */
  readonly mishaps: Mishap[]
  /** Somebody edited the boot file by hand. */
  edited: boolean
  /** The bytes of the boot file: old, new (ours), or half-written. */
  readonly file: 'old' | 'new' | 'half'
  readonly bootId: string
  readonly words: readonly string[]
  readonly boots: { readonly trials: Map<string, number>; readonly ours: string[] }
  readonly entry: string | null
  readonly guarded: boolean
  /** Time has passed, until this instant. */
  until(now: number): void
  powerCycle(now: number): void
  cutNetwork(cut: boolean): void
}

/** Makes the node of a plan: `plan.line.now` is what it runs, `plan.line.kept` what the change wants. `guardSeconds`: the guard's deadline. */
export function modelNode(plan: () => Plan, guardSeconds: number, clock: () => number): ModelNode {
  let file: ModelNode['file'] = 'old'
  let entry: string | null = null
  let flag: 'none' | 'armed' | 'spent' = 'none'
  let guard: string | null = null
  let confirmed = false
  let bootId = plan().bootId ?? randomUUID()
  let words: readonly string[] = plan().line.now
  let up = true
  let cut = false
  let upAt: number | null = null
  let backAt: number | null = null
  const boots = { trials: new Map<string, number>(), ours: [] as string[] }

  const trial = () => words.find((word) => word.startsWith('lanekeeper.trial='))
  const permanent = () => (file === 'new' ? plan().line.kept : plan().line.now)
  const reachable = () => up && !cut && !(trial() !== undefined && node.fate === 'loses its network')
  const knock = () => {
    if (!reachable()) throw new OperatorError('node-unreachable', 'the node does not answer')
  }
  const down = (now: number, seconds: number) => {
    up = false
    backAt = null
    upAt = now + seconds
  }
  const boot = (now: number) => {
    upAt = null
    bootId = randomUUID()
    confirmed = false
    if (entry !== null && flag === 'armed') {
      flag = 'spent'
      words = [...plan().line.kept, `lanekeeper.trial=${entry}`, 'panic=30']
      boots.trials.set(entry, (boots.trials.get(entry) ?? 0) + 1)
      if (node.fate === 'panics') return down(now, PANIC_SECONDS + BOOT_SECONDS)
      up = node.fate !== 'hangs'
      if (up && guard !== null) backAt = now + guardSeconds
      return
    }
    words = permanent()
    up = true
  }

  /** Runs an act with what goes wrong with it: `half` is what a refusal half-way leaves. */
  const act = async (does: () => void, half: () => void = () => undefined): Promise<void> => {
    knock()
    const mishap = node.mishaps.shift()
    if (mishap === 'connection lost') throw new OperatorError('connection-lost', 'the connection is lost')
    if (mishap === 'refused') throw new ActFailed('write', 'no space')
    if (mishap === 'refused half-way') {
      half()
      throw new ActFailed('write', 'no space, half-way')
    }
    does()
    if (mishap === 'answer lost') throw new OperatorError('connection-lost', 'the answer is lost')
  }
  const takenBack = (files: boolean) => {
    entry = null
    if (files && !node.edited) file = 'old'
  }

  const node: ModelNode = {
    fate: 'well',
    mishaps: [],
    edited: false,
    boots,
    get file() {
      return file
    },
    get bootId() {
      return bootId
    },
    get words() {
      return words
    },
    get entry() {
      return entry
    },
    get guarded() {
      return guard !== null
    },
    hands: {
      arm: (change) =>
        act(
          () => {
            if (bootId !== change.plan.bootId) throw new ActFailed('other-boot', 'another boot')
            if (node.edited || file !== 'old') throw new ActFailed('changed', 'the file was edited')
            if (flag === 'spent' && entry === change.id) throw new ActFailed('spent', 'it has been tried')
            if (!change.plan.reboot) return
            guard = change.id
            flag = 'armed'
            entry = change.id
          },
          () => {
            if (change.plan.reboot) guard = change.id
          },
        ),
      restart: (change, from) =>
        act(() => {
          if (bootId !== from) return
          if (change.state === 'rebooting' && entry !== change.id) throw new ActFailed('disarmed', 'not armed')
          boots.ours.push(change.id)
          down(clock(), BOOT_SECONDS)
        }),
      boot: async () => {
        knock()
        return { id: bootId, words }
      },
      keep: (change, from) =>
        act(
          () => {
            if (bootId !== from) throw new ActFailed('other-boot', 'another boot')
            if (node.edited) throw new ActFailed('changed', 'the file was edited')
            confirmed = true
            backAt = null
            file = change.plan.undoes === null ? 'new' : 'old'
          },
          () => {
            confirmed = true
            backAt = null
            if (!node.edited) file = 'half'
          },
        ),
      mend: (change) =>
        act(
          () => {
            if (bootId !== change.plan.bootId) throw new ActFailed('other-boot', 'another boot')
            if (node.edited) throw new ActFailed('changed', 'the file was edited')
            file = 'new'
          },
          () => {
            if (!node.edited) file = 'half'
          },
        ),
      takeBack: async (change, files) => {
        await act(() => takenBack(files))
        return files && node.edited ? change.plan.edits.map(({ path }) => path) : []
      },
      standDown: async () => {
        await act(() => {
          entry = null
          flag = 'none'
          guard = null
          backAt = null
        })
        return []
      },
    },
    look() {
      knock()
      const worse = trial() !== undefined && node.fate === 'gets worse'
      return {
        cmdline: { line: words.join(' '), words: [...words] },
        health: worse ? { ...before.health, nics: [] } : before.health,
        'pci-sysfs': before.devices.map((address) => ({ address })) as never,
        running: [],
        guests: [],
        uname: plan().kernel,
        'boot-id': bootId,
        cluster: { members: 1, quorate: true, expectedVotes: 1, totalVotes: 1 } as never,
        locks: [],
        upkeep: { resilvering: [], halfInstalled: [], dkms: [], ceph: [], unread: [] },
      }
    },
    until(now) {
      for (let due = next(now); due !== null; due = next(now)) {
        if (upAt !== null && due === upAt) boot(due)
        else if (!confirmed) {
          entry = null
          down(due, BOOT_SECONDS)
        } else backAt = null
      }
    },
    powerCycle: (now) => down(now, BOOT_SECONDS),
    cutNetwork: (is) => {
      cut = is
    },
  }
  const next = (now: number): number | null => {
    const due = [upAt, backAt].filter((at): at is number => at !== null && at <= now)
    return due.length > 0 ? Math.min(...due) : null
  }
  return node
}

/** Eyes on a modelled node: the plan is the same while the node is as it was. */
export const modelEyes = (node: ModelNode, plan: () => Plan): Eyes => ({
  look: async () => node.look(),
  async replan(change: Change) {
    const facts = node.look()
    if (node.edited) return { plan: { ...plan(), risks: ['edited'] }, facts }
    if (node.file !== 'old') return { plan: null, because: 'nothing is wrong any more' }
    return { plan: { ...change.plan, bootId: node.bootId }, facts }
  },
})

/** What the remedy still finds uncured. */
export const modelUncured = (node: ModelNode): readonly string[] =>
  node.fate === 'does not cure' &&
  (node.file === 'new' || node.words.some((word) => word.startsWith('lanekeeper.trial=')))
    ? ['the cause is still there']
    : []
