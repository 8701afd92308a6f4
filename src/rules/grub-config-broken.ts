import { bootedBy } from '../diagnosis/boot-evidence.ts'
import { grubFaults } from '../diagnosis/grub-file.ts'
import { defineRule } from '../diagnosis/rule.ts'

/** FACTS 7: what the shell refuses, and what it swallows without a word. */
export const grubConfigBroken = defineRule({
  id: 'grub-config-broken',
  title: 'The GRUB defaults cannot be read as they were meant',
  why: 'The files /etc/default/grub and /etc/default/grub.d/*.cfg are shell code. A fault in them makes the next update-grub fail, which kernel updates run too, or silently drops arguments; until then the node runs on its old configuration.',
  fix: 'Correct the line that is shown: one assignment per line, no space around "=", and the whole value within one pair of straight quotes. Then run update-grub and look at the result before any reboot.',
  links: [
    'https://www.gnu.org/software/grub/manual/grub/html_node/Simple-configuration.html',
    'https://pve.proxmox.com/pve-docs/chapter-sysadmin.html#sysboot_edit_kernel_cmdline',
  ],
  remedies: ['mend-grub-defaults'],
  needs: [],
  check: (facts) => {
    const faults = grubFaults(facts)
    const errors = facts['grub-syntax']?.errors ?? []
    if (faults.length === 0 && errors.length === 0) {
      const missing = (['grub-syntax', 'default-grub', 'default-grub-d'] as const).filter(
        (name) => facts[name] === undefined,
      )
      return missing.length > 0 ? { unknown: missing } : 'ok'
    }
    const counts = bootedBy(facts)?.loader !== 'systemd-boot'
    const fails = errors.length > 0 || faults.some((fault) => fault.fails)
    const worst = faults.find((fault) => fault.fails) ?? faults[0]
    return {
      severity: fails && counts ? 'blocker' : 'warning',
      devices: [],
      says: worst
        ? `${worst.says} ${fails ? 'The next update-grub will fail.' : 'update-grub will not complain.'}`
        : 'The GRUB defaults have a syntax error, so the next update-grub will fail.',
      evidence: [
        ...faults.map(({ evidence }) => evidence),
        ...errors.map((saw) => ({ saw, probe: 'grub-syntax' as const })),
      ],
      remedies: ['mend-grub-defaults'],
    }
  },
})
