import { deviceAt } from '../diagnosis/devices.ts'
import { said } from '../diagnosis/iommu.ts'
import { goodKernel, howToBoot, runningKernel } from '../diagnosis/kernel-choice.ts'
import { defineRule, type Evidence } from '../diagnosis/rule.ts'
import { startLines } from '../diagnosis/start-failures.ts'
import type { Target } from '../diagnosis/target.ts'
import { targetDevices } from '../diagnosis/target-devices.ts'
import type { Facts } from '../facts/facts.ts'
import type { ProbeName } from '../facts/probes.ts'
import { type KernelRegression, regressionsOf } from '../knowledge/kernel-regressions.ts'

const bdf = /\b[0-9a-f]{4,}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]\b/i

/** FACTS 2.3. A kernel on the list is no finding as long as its fault does not show on this node. */
export const kernelRegression = defineRule({
  id: 'kernel-regression',
  title: 'The running kernel has a known fault',
  why: 'This kernel release is known to break passthrough, and the message that goes with it is there. Neither arguments nor firmware settings help against that; another kernel does.',
  fix: 'Boot the last good kernel that is installed, or install the one that has the fix: apt update && apt dist-upgrade, then reboot. Once the fixed kernel is there, "proxmox-boot-tool kernel unpin" takes a pin back.',
  links: [
    'https://pve.proxmox.com/pve-docs/chapter-sysadmin.html#sysboot_kernel_pin',
    'https://git.proxmox.com/?p=pve-kernel.git;a=summary',
  ],
  remedies: ['boot-kernel'],
  needs: [],
  mutedBy: ['iommu-off-in-firmware', 'cpu-virtualization-off', 'iommu-off'],
  check: (facts, target) => {
    const running = runningKernel(facts)
    if (running === null) return { unknown: ['uname'] }
    const looks = regressionsOf(running).map((regression) => ({ regression, ...symptomsOf(facts, target, regression) }))
    const hit = looks.find(({ evidence }) => evidence.length > 0)
    if (!hit) {
      const missing = [...new Set(looks.flatMap(({ unknown }) => unknown))]
      return missing.length > 0 ? { unknown: missing } : 'ok'
    }
    const good = cleanKernel(facts, running, hit.regression)
    return {
      severity: 'blocker',
      devices: hit.devices,
      says: `Kernel ${running} has a known fault: ${hit.regression.about}; ${wayOut(facts, good, hit.regression)}.`,
      evidence: [{ saw: running, probe: facts.uname === undefined ? 'kernels' : 'uname' }, ...hit.evidence],
      ...(good !== null && { kernel: good }),
      remedies: good === null ? [] : ['boot-kernel'],
    }
  },
})

interface Symptoms {
  readonly evidence: readonly Evidence[]
  readonly devices: readonly string[]
  readonly unknown: readonly ProbeName[]
}

/** Where the fault shows: in a failed start, or in the log about a device of the target that is of the kind concerned. */
function symptomsOf(facts: Facts, target: Target | null, { probe, pattern, device }: KernelRegression): Symptoms {
  if (probe === 'tasks') {
    const lines = startLines(facts, target).filter((line) => pattern.test(line))
    const devices = [...new Set(lines.flatMap((line) => bdf.exec(line)?.[0]?.toLowerCase() ?? []))]
    return { evidence: lines.map((saw) => ({ saw, probe })), devices, unknown: facts.tasks ? [] : ['tasks'] }
  }
  const wanted = targetDevices(facts, target)
  const named = said(facts, pattern).flatMap((evidence) => {
    const address = bdf.exec(evidence.saw)?.[0]?.toLowerCase()
    return address !== undefined && wanted.devices.includes(address) ? [{ evidence, address }] : []
  })
  const concerned = named.filter(({ address }) => {
    const found = deviceAt(facts, address)
    return found !== undefined && (device?.test(`${found.vendor}:${found.device}`) ?? true)
  })
  const unseen = named.some(({ address }) => !deviceAt(facts, address)) ? (['lspci'] as const) : []
  const log = facts['kernel-log']?.reachesBoot ? [] : (['kernel-log'] as const)
  return {
    evidence: concerned.map(({ evidence }) => evidence),
    devices: concerned.map(({ address }) => address),
    unknown: [...wanted.unknown, ...unseen, ...log],
  }
}

/** The installed kernel without this fault that stands nearest to the running one. */
function cleanKernel(facts: Facts, running: string, { id }: KernelRegression): string | null {
  const clean = (facts.kernels?.installed ?? []).filter(
    (release) => !regressionsOf(release).some((one) => one.id === id),
  )
  return goodKernel(running, clean)
}

function wayOut(facts: Facts, good: string | null, { lastGood, fixed }: KernelRegression): string {
  if (good !== null) return `${good} is installed and does not have it: ${howToBoot(facts, good)}`
  return `it is repaired from ${fixed} on${lastGood === null ? '' : `, and ${lastGood} does not have it yet`}`
}
