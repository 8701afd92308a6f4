import type { Facts } from '../../src/facts/facts.ts'
import { initramfsStale } from '../../src/rules/initramfs-stale.ts'
import { testRule } from './test-rule.ts'

const built = 1_700_000_000
const initramfs = (newestSource: number | null, newestPath: string | null, image: number | null = built): Facts => ({
  initramfs: { image, newestSource, newestPath },
})
const conf = '/etc/modprobe.d/vfio.conf'

testRule(initramfsStale, {
  ok: {
    'built after the last change': { facts: initramfs(built - 60, conf) },
    'built in the same second': { facts: initramfs(built, conf) },
  },
  found: {
    'modprobe.d was changed afterwards': {
      facts: initramfs(built + 3 * 86400, conf),
      severity: 'warning',
      saw: '3 days',
      says: /vfio\.conf/,
      remedies: ['rebuild-initramfs'],
    },
    'one second afterwards': { facts: initramfs(built + 1, conf), severity: 'warning' },
    'its own configuration was': { facts: initramfs(built + 600, '/etc/initramfs-tools/modules'), saw: '10 minutes' },
    'a file that is not named': { facts: initramfs(built + 9000, null), severity: 'warning', saw: '2 hours' },
    'a list that is not copied': { facts: initramfs(built + 60, '/etc/modules'), severity: 'notice', remedies: [] },
    'a clock that went mad': { facts: initramfs(999_999_999_999_999, conf), severity: 'warning' },
  },
  unknown: {
    'there is no initramfs under that name': { facts: initramfs(built, conf, null) },
    'no source could be read': { facts: initramfs(null, null) },
  },
})
