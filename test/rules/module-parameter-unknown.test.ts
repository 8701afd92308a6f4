import { moduleParameterUnknown } from '../../src/rules/module-parameter-unknown.ts'
import { device, line, log, lspci, modprobeD, wholeLog } from './sample.ts'
import { testRule } from './test-rule.ts'

const ignored = "i915: unknown parameter 'max_vfs' ignored"

testRule(moduleParameterUnknown, {
  ok: {
    'the kernel passed over nothing': {
      facts: { ...wholeLog('i915 0000:00:02.0: [drm] GuC: submission enabled'), ...line('ro i915.max_vfs=7') },
    },
    'an out-of-tree module taints the kernel': {
      facts: wholeLog(
        'i915: module verification failed: signature and/or required key missing - tainting kernel',
        'kvmgt: Unknown symbol i915_gem_object_alloc (err -22)',
        'Unknown kernel command line parameters "splash BOOT_IMAGE=/vmlinuz", will be passed to user space.',
      ),
    },
  },
  found: {
    'the kernel’s own i915 in place of the one with virtual functions': {
      facts: { ...log(ignored), ...line('ro i915.enable_guc=3 i915.max_vfs=7') },
      severity: 'warning',
      saw: 'i915.max_vfs=7',
      says: /i915.*"max_vfs"/,
      remedies: [],
    },
    'with the time still in front': { facts: log(`[    3.629784] ${ignored}`), severity: 'warning' },
    'a misspelt parameter of vfio-pci': {
      facts: { ...log("vfio_pci: unknown parameter 'id' ignored"), ...modprobeD('options vfio-pci id=10de:1b80') },
      severity: 'warning',
      saw: '/etc/modprobe.d/vfio.conf: options vfio-pci id=10de:1b80',
    },
    'the driver of the device in question': {
      facts: {
        ...log("mpt3sas: unknown parameter 'foo' ignored"),
        ...lspci(device('0000:04:00.0', { driver: 'vfio-pci', modules: ['mpt3sas'] })),
      },
      target: 'device:04:00.0',
      severity: 'warning',
    },
    'a module that passthrough does not rest on': {
      facts: log("zfs: unknown parameter 'zfs_vdev_scheduler' ignored"),
      severity: 'notice',
    },
    'what concerns passthrough is named first': {
      facts: log("zfs: unknown parameter 'zfs_vdev_scheduler' ignored", ignored),
      severity: 'warning',
      says: /i915/,
    },
  },
  unknown: {
    'the log no longer reaches back to the boot': { facts: log('vfio_pci: add [10de:1b80]') },
  },
})
