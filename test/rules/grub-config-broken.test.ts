import type { Facts } from '../../src/facts/facts.ts'
import { grubConfigBroken } from '../../src/rules/grub-config-broken.ts'
import { byGrub, bySystemdBoot, defaultGrub, line } from './sample.ts'
import { testRule } from './test-rule.ts'

const file = (text: string): Facts => ({ 'default-grub': { text } })
const clean: Facts = { 'grub-syntax': { errors: [], values: {} } }
const debian =
  'GRUB_DISTRIBUTOR=$( . /etc/os-release; echo $NAME )\n# it\'s "quoted\nGRUB_DISTRIBUTOR=`lsb_release -i -s 2> /dev/null || echo Debian`\n'

testRule(grubConfigBroken, {
  ok: {
    'plain assignments': { facts: { ...defaultGrub('quiet intel_iommu=on'), ...clean } },
    'what Debian writes by itself': {
      facts: { ...file(`${debian}GRUB_CMDLINE_LINUX=""\n`), 'default-grub-d': [], ...clean },
    },
    'a value over two lines, joined by a backslash': {
      facts: { ...file('GRUB_CMDLINE_LINUX_DEFAULT="quiet \\\n iommu=pt"\n'), 'default-grub-d': [], ...clean },
    },
    'a drop-in that appends': {
      facts: {
        ...defaultGrub('quiet', [
          { path: '/etc/default/grub.d/x.cfg', text: 'GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX a=b"\n' },
        ]),
        ...clean,
      },
    },
    'no such file at all': { facts: { 'default-grub': { text: null }, 'default-grub-d': [], ...clean } },
  },
  found: {
    'a missing quote, at the line where it opens': {
      facts: {
        ...file('GRUB_DEFAULT=0\nGRUB_CMDLINE_LINUX_DEFAULT="quiet iommu=pt\nGRUB_CMDLINE_LINUX=""\n# it`s\n'),
        ...line(byGrub),
      },
      severity: 'blocker',
      saw: '/etc/default/grub:2:',
      says: /line 2.*next update-grub will fail/,
    },
    'the shell refused it': {
      facts: {
        'grub-syntax': { errors: ['/etc/default/grub: 40: Syntax error: EOF in backquote substitution'], values: {} },
      },
      severity: 'blocker',
    },
    'the same where GRUB does not boot the node': {
      facts: { ...file('GRUB_CMDLINE_LINUX="\n'), ...line(bySystemdBoot) },
      severity: 'warning',
    },
    'no quotes around two words': {
      facts: file('GRUB_CMDLINE_LINUX_DEFAULT=quiet splash\n'),
      severity: 'blocker',
      says: /"splash" is taken for a command/,
    },
    'no quotes, and only the first word arrives': {
      facts: file('GRUB_CMDLINE_LINUX_DEFAULT=quiet intel_iommu=on iommu=pt\n'),
      severity: 'warning',
    },
    'typographic quotes': { facts: file('GRUB_CMDLINE_LINUX_DEFAULT=“quiet intel_iommu=on”\n') },
    'spaces around the sign': { facts: file('GRUB_CMDLINE_LINUX = "quiet"\n'), severity: 'blocker' },
    '+=, which dash does not know': { facts: file('GRUB_CMDLINE_LINUX+=" iommu=pt"\n'), severity: 'blocker' },
    'Windows line ends': { facts: file('GRUB_DEFAULT=0\r\n\r\nGRUB_CMDLINE_LINUX="a"\r\n'), severity: 'blocker' },
    'a Windows line end in a value': { facts: file('GRUB_CMDLINE_LINUX="a"\r\n'), severity: 'warning', saw: '\\r' },
    'text behind the closing quote': {
      facts: file('GRUB_CMDLINE_LINUX_DEFAULT="quiet"intel_iommu=on\n'),
      severity: 'warning',
    },
    'a fault in a drop-in': {
      facts: { 'default-grub-d': [{ path: '/etc/default/grub.d/x.cfg', text: 'GRUB_CMDLINE_LINUX="a\n' }] },
      saw: 'grub.d/x.cfg:1',
    },
  },
  unknown: {
    'the drop-ins were not read': { facts: { ...defaultGrub('quiet', null), ...clean } },
    'the shell was not asked': { facts: defaultGrub('quiet') },
  },
})
