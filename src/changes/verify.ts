import { isBootFile } from '../boot/file-edit.ts'
import { keyOf } from '../bootconfig/kernel-line.ts'
import type { Facts } from '../facts/facts.ts'
import type { Change, In } from './change.ts'

/** The word on the kernel line that tells a trial boot. */
export const markerOf = (change: Change): string => `lanekeeper.trial=${change.id}`

/**
 * What is wrong with the node after a trial boot, compared with before: arguments that are not live, and what the node no
 * longer does. Pure; sentences for people, empty = nothing is worse. What could not be looked at is wrong, never well.
 */
export function worse(change: In<'verifying'>, facts: Facts): readonly string[] {
  const { cmdline, health, running, 'pci-sysfs': devices, uname } = facts
  if (!cmdline || !health || !running || !devices || !uname) return ['the check could not read the node']
  const seen = devices.map(({ address }) => address)
  return [
    ...notLive(change, cmdline.words),
    ...(uname === change.plan.kernel ? [] : [`kernel ${uname} runs, and ${change.plan.kernel} was to be tried`]),
    ...change.before.devices
      .filter((address) => !seen.includes(address))
      .map((address) => `PCI device ${address} is gone`),
    ...lost(change, health),
    ...stillDown(change, running),
  ]
}

function notLive({ plan }: Change, words: readonly string[]): string[] {
  // `panic=` is the trial's own while it lasts.
  const missing = plan.line.kept.filter((word) => keyOf(word) !== 'panic' && !words.includes(word))
  const stale = plan.args.remove.filter(
    (word) => keyOf(word) !== 'panic' && words.includes(word) && !plan.line.kept.includes(word),
  )
  return [
    ...missing.map((word) => `${word} is not on the running kernel line`),
    ...stale.map((word) => `${word} still is on the running kernel line`),
  ]
}

/**
 * What of a change may still be there after it was taken back, in sentences; empty = the node is as before it. `left`: files that
 * somebody else edited meanwhile. For the boot files among them the running line tells, where the node was rebooted.
 */
export const notBack = ({ plan }: Change, words: readonly string[], left: readonly string[]): readonly string[] => [
  ...plan.args.add
    .filter((word) => words.includes(word) && !plan.line.now.includes(word))
    .map((word) => `${word} still is on the running kernel line`),
  ...plan.args.remove
    .filter((word) => plan.line.now.includes(word) && !words.includes(word))
    .map((word) => `${word} is not back on the running kernel line`),
  ...leftAlone(
    plan,
    left.filter((path) => !(plan.reboot && isBootFile(path))),
  ),
]

/** The files of a plan that were not given their old bytes because somebody else had edited them, in sentences. */
export const leftAlone = (plan: Change['plan'], left: readonly string[]): readonly string[] =>
  left
    .filter((path) => plan.edits.some((edit) => edit.path === path))
    .map((path) => `${path} was edited by somebody else meanwhile and is left as it is: see what of it is to stay`)

const UNSETTLED = ['initializing', 'starting', 'stopping', 'maintenance']

function lost({ before, plan }: In<'verifying'>, now: NonNullable<Facts['health']>): string[] {
  const was = before.health
  // A device that the plan itself takes from its driver is no NIC of the host any more.
  const theirs = was.nics.filter(({ address }) => address === null || !plan.devices.includes(address))
  const nics = theirs.flatMap(({ name, mac, state }) => {
    const nic = now.nics.find((other) => other.name === name)
    if (!nic) {
      const renamed = now.nics.find((other) => other.mac === mac)
      return [renamed ? `NIC ${name} is called ${renamed.name} now` : `NIC ${name} is gone`]
    }
    return state === 'up' && nic.state !== 'up' ? [`NIC ${name} was up and is ${nic.state}`] : []
  })
  const bridges = was.bridges.flatMap(({ name, ports }) => {
    const bridge = now.bridges.find((other) => other.name === name)
    if (!bridge) return [`bridge ${name} is gone`]
    return ports.filter((port) => !bridge.ports.includes(port)).map((port) => `bridge ${name} lost its port ${port}`)
  })
  const mounts = was.mounts
    .filter(({ target }) => !now.mounts.some((mount) => mount.target === target))
    .map(({ target }) => `${target} is not mounted`)
  const locked = was.mounts
    .filter(({ target, readOnly }) => !readOnly && now.mounts.some((one) => one.target === target && one.readOnly))
    .map(({ target }) => `${target} is mounted read-only`)
  const boot = UNSETTLED.includes(now.system) ? [`the boot has not finished (systemd says ${now.system})`] : []
  const units = now.failedUnits
    .filter((unit) => !was.failedUnits.includes(unit))
    .map((unit) => `unit ${unit} has failed`)
  const faults =
    now.dmaFaults > was.dmaFaults ? [`the kernel log holds ${now.dmaFaults} DMA faults, ${was.dmaFaults} before`] : []
  return [...nics, ...bridges, ...mounts, ...locked, ...units, ...faults, ...boot]
}

function stillDown({ before }: In<'verifying'>, running: NonNullable<Facts['running']>): string[] {
  const up = running.map(({ kind, id }) => `${kind} ${id}`)
  return before.running
    .filter((guest) => before.onboot.includes(guest) && !up.includes(guest))
    .map((guest) => `guest ${guest} was running and is not back`)
}
