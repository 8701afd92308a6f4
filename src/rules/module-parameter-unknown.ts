import { deviceAt } from '../diagnosis/devices.ts'
import { parameterGiven } from '../diagnosis/module-config.ts'
import { defineRule } from '../diagnosis/rule.ts'
import type { Target } from '../diagnosis/target.ts'
import { targetDevices } from '../diagnosis/target-devices.ts'
import type { Facts } from '../facts/facts.ts'

/** The kernel's words when it loads a module with a parameter that the module has not (kernel/module). */
const unknownParameter = /^(?:.*\s)?([\w-]+): unknown parameter '([^']+)' ignored/
/** Modules that passthrough rests on, on any host. */
const concerned = /^(vfio|kvm|mdev|i915|xe$|amdgpu|nvidia|nouveau|vendor_reset)/

/** Only the kernel's own word counts: which parameters a module has cannot be told from its name. */
export const moduleParameterUnknown = defineRule({
  id: 'module-parameter-unknown',
  title: 'A module that is loaded does not know one of its parameters',
  why: 'The kernel passes over a parameter that the module has not. Mostly the parameter belongs to a module built outside the kernel (i915-sriov-dkms, a vGPU driver), and after a kernel update the kernel’s own one is loaded in its place because the build is missing.',
  fix: 'Look at dkms status: the module must be listed as installed for the kernel that uname -r shows. If it is not, install the headers (apt install proxmox-headers-$(uname -r)), run dkms autoinstall -k $(uname -r) and update-initramfs -u -k all, and reboot. If the parameter is misspelt, or the module has dropped it, correct or remove it where it stands.',
  links: [
    'https://github.com/strongtz/i915-sriov-dkms',
    'https://manpages.debian.org/stable/dkms/dkms.8.en.html',
    'https://docs.kernel.org/admin-guide/kernel-parameters.html',
  ],
  needs: ['kernel-log'],
  check: (facts, target) => {
    const said = facts['kernel-log'].lines.flatMap((saw) => {
      const [, module, parameter] = unknownParameter.exec(saw) ?? []
      return module === undefined || parameter === undefined ? [] : [{ saw, module, parameter }]
    })
    const [first] = said
    if (!first) return facts['kernel-log'].reachesBoot ? 'ok' : { unknown: ['kernel-log'] }
    const drivers = driversOf(facts, target)
    const shown = said.find(({ module }) => concerned.test(module) || drivers.includes(plain(module)))
    const { module, parameter } = shown ?? first
    return {
      severity: shown ? 'warning' : 'notice',
      devices: [],
      says: `The module ${module} that is loaded does not know the parameter "${parameter}" and passes over it.`,
      evidence: [
        ...said.map(({ saw }) => ({ saw, probe: 'kernel-log' as const })),
        ...said.flatMap((one) => parameterGiven(facts, one.module, one.parameter)),
      ],
      remedies: [],
    }
  },
})

/** The drivers and modules of the target devices. */
const driversOf = (facts: Facts, target: Target | null): string[] =>
  targetDevices(facts, target)
    .devices.flatMap((address) => {
      const device = deviceAt(facts, address)
      return [device?.driver ?? [], device?.modules ?? []].flat()
    })
    .map(plain)

const plain = (name: string): string => name.replaceAll('-', '_')
