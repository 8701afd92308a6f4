import { vfioConfigBroken } from '../../src/rules/vfio-config-broken.ts'
import { etcModules, line, modprobeD } from './sample.ts'
import { type Shown, testRule } from './test-rule.ts'

const release = (uname: string) => ({ uname })
const none = etcModules()
const sound = { ...line('ro quiet'), ...none }
/** One line of vfio.conf, nothing else wrong. */
const conf = (text: string, says: RegExp, severity: Shown['severity'] = 'warning'): Shown => ({
  facts: { ...sound, ...modprobeD(text) },
  severity,
  saw: text,
  says,
  remedies: [],
})

testRule(vfioConfigBroken, {
  ok: {
    'no configuration at all': { facts: { ...none, ...modprobeD() } },
    'what guides have people write': {
      facts: {
        ...line('ro quiet'),
        ...etcModules('# comment', 'vfio', 'vfio_iommu_type1', 'vfio-pci'),
        ...modprobeD(
          '# my card',
          'options vfio-pci ids=10de:1b80,10de:10f0 disable_vga=1 # 10de:1234 is another one',
          'options vfio_iommu_type1 allow_unsafe_interrupts=1',
          'options kvm ignore_msrs=1 report_ignored_msrs=0',
          'softdep nouveau pre: vfio-pci',
          'blacklist nouveau # comment',
          'blacklist nvidiafb',
        ),
      },
    },
    'vfio_virqfd where it still is a module': {
      facts: { ...modprobeD(), ...etcModules('vfio', 'vfio_virqfd'), ...release('5.15.158-2-pve') },
    },
    'a module that has nothing to do with it': { facts: { ...modprobeD(), ...etcModules('coretemp', 'nct6775 # x') } },
    'the same ids twice': {
      facts: { ...sound, ...modprobeD('options vfio-pci ids=10de:1b80', 'options vfio-pci ids=10de:1b80') },
    },
    'ids in every form that the kernel reads': {
      facts: {
        ...sound,
        ...modprobeD('options vfio-pci ids=0x10DE:0x1B80,10de:ffffffff:ffffffff:ffffffff:30000:ff0000,'),
      },
    },
    'ids over two lines that a backslash joins': {
      facts: { ...sound, ...modprobeD('options vfio-pci ids=10de:1b80,\\', '10de:10f0') },
    },
  },
  found: {
    'ids split over lines': {
      facts: { ...none, ...modprobeD('1002:aad8', '8086:6f36', '8086:6fe1') },
      severity: 'warning',
      saw: '8086:6fe1',
      says: /1002:aad8.* one line.* 2 more/,
    },
    'ids without options': conf('vfio-pci ids=10de:1b80', /passes over/),
    'the kernel’s form in modprobe.d': conf('vfio-pci.ids=10de:1b80', /passes over/),
    'options misspelt': conf('option nouveau modeset=0', /passes over/),
    'blacklist misspelt': conf('blackist nouveau', /passes over/),
    'the module and the parameter in one word': conf('options vfio-pci.ids=10de:1b80', /passes over/),
    'a line that nobody understands, about something else': {
      facts: { ...none, 'modprobe-d': [{ path: '/etc/modprobe.d/sound.conf', line: 'foo bar' }] },
      severity: 'notice',
    },
    'a blank behind the comma': conf('options vfio-pci ids=10de:1b80, 10de:10f0', /does not get 10de:10f0/),
    'a blank behind the equals sign': conf('options vfio-pci ids= 10de:1b80', /does not get 10de:1b80/),
    'blanks around the equals sign': conf('options vfio-pci ids = 10de:1b80', /does not get/),
    'an address in place of an id': conf('options vfio-pci ids=01:00.0', /"01:00.0".* no PCI id/),
    'ids between the wrong marks': conf('options vfio-pci ids=10de:1b80;10de:10f0', /no PCI id/),
    'the wrong module': conf('options vfio ids=10de:1b80', /given to vfio,/),
    'softdep without pre:': conf('softdep nouveau vfio-pci', /pre:/),
    'softdep with pre: glued': conf('softdep nouveau pre:vfio-pci', /pre:/),
    'several modules in a blacklist line': conf('blacklist nouveau nvidia', /does not blacklist nvidia:/),
    'a comma in a blacklist line': conf('blacklist nouveau,nvidia', /does not blacklist nouveau nvidia:/),
    'two lists of ids, of which the last counts': {
      facts: { ...sound, ...modprobeD('options vfio-pci ids=10de:1b80', 'options vfio-pci ids=10de:10f0') },
      severity: 'warning',
      says: /does not get 10de:1b80/,
    },
    'the kernel line overrules the file': {
      facts: { ...line('ro vfio-pci.ids=10de:10f0'), ...none, ...modprobeD('options vfio-pci ids=10de:1b80') },
      severity: 'warning',
      says: /does not get 10de:1b80/,
    },
    'the kernel line makes up for two lists': {
      facts: {
        ...line('ro vfio_pci.ids=10de:10f0,10de:1b80'),
        ...none,
        ...modprobeD('options vfio-pci ids=10de:1b80', 'options vfio-pci ids=10de:10f0'),
      },
      severity: 'notice',
    },
    'vfio_virqfd where vfio has swallowed it': {
      facts: { ...modprobeD(), ...etcModules('vfio', 'vfio_virqfd'), ...release('6.2.16-20-bpo11-pve') },
      severity: 'notice',
      saw: 'vfio_virqfd',
      says: /since kernel 6\.2.*harmless/,
    },
    'options in /etc/modules': {
      facts: { ...modprobeD(), ...etcModules('vfio-pci ids=10de:1b80') },
      severity: 'warning',
      says: /Nothing is loaded/,
    },
    'a vfio module that never was': {
      facts: { ...modprobeD(), ...etcModules('vfio_iommu_type') },
      severity: 'notice',
      says: /no module vfio_iommu_type,/,
    },
    'only the lesser fault comes first': {
      facts: { ...etcModules('vfio_virqfd'), ...modprobeD('8086:6fe1'), ...release('6.8.12-4-pve') },
      severity: 'warning',
      says: /8086:6fe1/,
    },
  },
  unknown: {
    'only one of the two was read': { facts: modprobeD('blacklist nouveau') },
    'the kernel that decides is not known': { facts: { ...modprobeD(), ...etcModules('vfio_virqfd') } },
    'the line that could overrule the file is not known': {
      facts: { ...none, ...modprobeD('options vfio-pci ids=10de:1b80') },
    },
  },
})
