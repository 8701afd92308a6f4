import type { Facts } from '../../src/facts/facts.ts'
import { cpuVirtualizationOff } from '../../src/rules/cpu-virtualization-off.ts'
import { failed, firmware, log, wholeLog } from './sample.ts'
import { testRule } from './test-rule.ts'

const cpu = (vendor: 'intel' | 'amd', ...flags: string[]): Facts => ({ cpu: { vendor, model: null, flags } })
const kvm: Facts = { lsmod: ['kvm_intel', 'kvm', 'vfio'] }
const refused = failed(
  101,
  [],
  'KVM virtualisation configured, but not available. Either disable in VM configuration or enable in BIOS.',
)

testRule(cpuVirtualizationOff, {
  ok: {
    'the flag is there and KVM is loaded': { facts: { ...cpu('intel', 'lm', 'vmx'), ...kvm } },
    'the flag is there and the whole log has no complaint': {
      facts: {
        ...cpu('amd', 'lm', 'svm'),
        ...wholeLog('Linux version 6.5.13-5-pve', 'x86/cpu: SGX disabled by BIOS.'),
      },
    },
    'KVM is loaded, so a line about another processor does not count': {
      facts: { ...cpu('intel', 'vmx'), ...kvm, ...log('kvm: disabled by bios') },
    },
    'a machine of its own with nested virtualization': { facts: { ...cpu('intel', 'hypervisor', 'vmx'), ...kvm } },
  },
  found: {
    'no flag': { facts: cpu('intel', 'lm', 'ht'), severity: 'blocker', saw: 'neither vmx nor svm', remedies: [] },
    'no flag, and the board is known': {
      facts: { ...cpu('intel', 'lm'), ...firmware([], { sysVendor: 'Dell Inc.', product: 'OptiPlex 7060' }) },
      says: /Dell Inc\. OptiPlex 7060.*"Virtualization Support > Virtualization"/,
    },
    'and a start was refused for it': {
      facts: { ...cpu('amd', 'lm'), ...refused },
      saw: 'KVM virtualisation configured',
    },
    'the older wording, with the flag still there': {
      facts: { ...cpu('amd', 'svm'), ...log('kvm: disabled by bios') },
      severity: 'blocker',
      saw: 'disabled by bios',
    },
    'the newer wording of kvm_intel': {
      facts: log('kvm_intel: VMX not enabled (by BIOS) in MSR_IA32_FEAT_CTL on CPU 0'),
      severity: 'blocker',
    },
    'the newer wording for AMD': { facts: log('kvm_amd: SVM disabled (by BIOS) in MSR_VM_CR on CPU 3') },
    'what the kernel says when it takes the flag away': { facts: log('x86/cpu: VMX (outside TXT) disabled by BIOS') },
    'in a virtual machine it only deserves a word': {
      facts: cpu('intel', 'lm', 'hypervisor'),
      severity: 'notice',
      says: /itself a virtual machine/,
    },
    'unless a start failed for it': { facts: { ...cpu('intel', 'hypervisor'), ...refused }, severity: 'blocker' },
  },
  unknown: {
    'only the vendor was read': { facts: { cpu: { vendor: 'intel', model: null, flags: null } } },
    'a refused start alone may come from a module that is not loaded': { facts: refused },
    'the flag is there, but older kernels leave it there': { facts: cpu('amd', 'svm') },
    'the flag is there, and the log does not reach back': { facts: { ...cpu('amd', 'svm'), ...log('DMAR: x') } },
  },
})
