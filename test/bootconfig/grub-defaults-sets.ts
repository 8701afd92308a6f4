// biome-ignore-all lint/suspicious/noTemplateCurlyInString: text of other shells
import type { GrubFile } from '../../src/bootconfig/grub-defaults.ts'
import type { ArgumentsChange } from '../../src/bootconfig/kernel-line.ts'

/** A generated set of default-grub files: what was put in, by statement, and whether anything hostile is among it. */
export interface GrubSet {
  readonly files: readonly GrubFile[]
  /** The statements of each file that have nothing to do with the two variables, in order. */
  readonly noise: readonly (readonly string[])[]
  readonly features: ReadonlySet<string>
}

export type Dice = {
  next(): number
  below(n: number): number
  one<T>(list: readonly T[]): T
  chance(p: number): boolean
}

/** A seeded source of choices (mulberry32). */
export function dice(seed: number): Dice {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  const below = (n: number) => Math.floor(next() * n)
  return { next, below, chance: (p) => next() < p, one: (list) => list[below(list.length)] as never }
}

const WORDS = `quiet splash intel_iommu=on intel_iommu=off intel_iommu=on,relax_rmrr iommu=pt amd_iommu=on nomodeset
  console=tty0 console=ttyS0,115200n8 root=ZFS=rpool/ROOT/pve-1 boot=zfs pcie_aspm=off vfio-pci.ids=10de:1b80,10de:10f0 vfio-pci-ids=8086:9a49
  pcie_acs_override=downstream,multifunction initcall_blacklist=sysfb_init video=efifb:off panic=10 mitigations=off i915.enable_gvt=1`.split(
  /\s+/,
)
const ODD_WORDS = [
  'dyndbg="file a.c +p"',
  '$pve_xargs',
  "it's",
  'a;b',
  'x=#1',
  'back\\slash',
  'p=`q`',
  '*',
  'a=~',
  '~',
  'o=a:~',
]
export const ADDED = [
  'intel_iommu=on',
  'intel_iommu=on,relax_rmrr',
  'iommu=pt',
  'vfio-pci.ids=10de:1b80',
  'pcie_acs_override=downstream',
  'initcall_blacklist=sysfb_init',
  'modprobe.blacklist=nouveau',
  'panic=30',
]
const NOISE = [
  '',
  "# If you change this file, run 'update-grub' afterwards",
  '#GRUB_CMDLINE_LINUX_DEFAULT="old `stuff',
  "  # GRUB_CMDLINE_LINUX='",
  'GRUB_DEFAULT=0',
  'GRUB_TIMEOUT=5 # seconds; "quoted',
  'GRUB_DISTRIBUTOR=`no_lsb_release -i -s 2> /dev/null || echo Debian`',
  'GRUB_DISTRIBUTOR=$( [ -e /no/such ] && . /no/such; echo "${NAME:-Debian}" )',
  'GRUB_DISTRIBUTOR=`( . /etc/os-release 2>/dev/null && echo ${NAME} ) || echo x`',
  'GRUB_TERMINAL="console serial"',
  "GRUB_SERIAL_COMMAND='serial --unit=0 --speed=115200'",
  'GRUB_GFXMODE=640x480;GRUB_GFXPAYLOAD_LINUX=keep',
  'export GRUB_DISABLE_OS_PROBER=true',
  'GRUB_INIT_TUNE="480 440 1"; export GRUB_INIT_TUNE',
  'GRUB_BADRAM="0x01234567,\\\n0xfefefefe"',
  'if [ -f /no/such ]; then\n  GRUB_THEME=/x # y\nelse GRUB_BACKGROUND=; fi',
  'case "$(uname -m)" in x86_64|amd64) GRUB_A=1 ;; (*) GRUB_A="2" ;; esac',
  'for i in 1 2 3; do GRUB_B=$i; done',
  '[ -e /no/such ] && GRUB_C=1 || GRUB_C=2',
  'f() { GRUB_CMDLINE_LINUX="never run"; }',
  ': "${GRUB_D:-x}"',
  '( GRUB_CMDLINE_LINUX_DEFAULT=lost )',
  'echo noise | cat',
  'GRUB_CMDLINE_LINUX=lost | GRUB_CMDLINE_LINUX=lost',
  'GRUB_CMDLINE_LINUX_DEFAULT=lost &',
  'GRUB_E="two\nlines"',
  'GRUB_F=a\\ b\\#c#d',
  '\t',
  'true && : ; :',
  'unset GRUB_G',
  'while false; do GRUB_H=1; done',
  '{ GRUB_I=1; GRUB_J="}"; }',
  'GRUB_K=$((1 + 2))',
  '! [ -e /no/such ]',
  'GRUB_L="${GRUB_K%2}"\'$x\'"\\$y"',
  'if ! [ -d / ]; then :; elif true; then GRUB_M=1; fi >/dev/null 2>&1',
  'export PATH',
  'readonly GRUB_N#=1',
  'GRUB_O=$(case a in a) echo ")" ;; esac)',
]
const HOSTILE: Readonly<Record<string, (d: Dice, name: string) => string>> = {
  'unclosed quote': (_, name) => `${name}="quiet iommu=pt`,
  'curly quotes': (_, name) => `${name}=“quiet iommu=pt”`,
  'curly inside': (_, name) => `${name}="“quiet iommu=pt”"`,
  'blanks unquoted': (_, name) => `${name}=quiet intel_iommu=on iommu=pt`,
  'blanks unquoted, a word': (_, name) => `${name}=quiet splash`,
  'blanks around =': (_, name) => `${name} = "quiet"`,
  'plus-equals': (_, name) => `${name}+=" iommu=pt"`,
  'windows line end': (d, name) => `${name}="${d.one(WORDS)}"\r`,
  'set in if': (d, name) => `if [ -e ${d.one(['/', '/no'])} ]; then ${name}="quiet a"; fi`,
  'set behind &&': (d, name) => `[ -e ${d.one(['/', '/no'])} ] && ${name}="$${name} x=1"`,
  'set in a loop': (_, name) => `for w in a b; do ${name}="$${name} $w"; done`,
  'set in a case': (d, name) => `case x in ${d.one(['x', 'y'])}) ${name}="quiet" ;; esac`,
  'set by eval': (_, name) => `eval "${name}=quiet"`,
  'set by source': (d) => d.one(['. /dev/null', '. /etc/os-release']),
  'set by a function': (_, name) => `g() { ${name}="quiet"; }\ng`,
  'here-document': (_, name) => `cat <<EOT\n${name}="text"\nEOT`,
  'from a command': (d, name) => `${name}="quiet ${d.one(['$(echo a)', '`echo b`', '$((1+1))'])}"`,
  'from elsewhere': (_, name) => `${name}="quiet $SOMETHING_ELSE $HOME"`,
  'from an operator': (_, name) => `${name}="\${${name}:+$${name} }quiet"`,
  'fixed, then set': (_, name) => `readonly ${name}="a"\n${name}="b"`,
  'line break inside': (_, name) => `${name}="quiet\niommu=pt"`,
  'an unknown command': () => 'grub-frobnicate --now',
  exit: () => 'exit 0',
  'set -u': () => 'set -u',
  'syntax error': (d) =>
    d.one([
      'fi',
      'if true; then fi',
      ')',
      'a=(b)',
      'case x in',
      '&& a=b',
      'x() ',
      '{ a=b',
      'a=${b',
      'a=$(b',
      'a=`b',
      ';;',
      'if true; a=b; fi',
      '}',
    ]),
  'bad substitution': (d) => d.one(['GRUB_X=${!a}', 'GRUB_X=${a^^}', 'GRUB_X=${a b}']),
  false: () => 'false',
}

/** The feature of a set with a slip of the hand in it, which may make any command fail. */
export const SLIP = 'slip of the hand'
const SLIPS = '""\'\'\\\\$`;&|(){}# \n=~!*:-'

const escaped = (text: string, marks: RegExp): string => text.replace(marks, '\\$&')

/** A stretch of text in one of the shell's ways to write it. */
function written(d: Dice, text: string, features: Set<string>): string {
  const continued = (code: string) => (d.chance(0.1) ? code.replace(/ /, d.one([' \\\n', '\\\n '])) : code)
  const way = d.below(10)
  if (way < 6) return continued(`"${escaped(text, /[\\"$`]/g)}"`)
  if (way < 8 && !text.includes("'")) return `'${text}'`
  if (text.length > 3) {
    features.add('mixed quotes')
    const cut = d.chance(0.7) ? text.indexOf(' ', d.below(text.length)) : d.below(text.length)
    if (cut > 0) return written(d, text.slice(0, cut), features) + written(d, text.slice(cut), features)
  }
  return escaped(text, /[^A-Za-z0-9_.,:=@%+/-]/g)
}

function value(d: Dice, name: string, features: Set<string>): string {
  const pick = () => {
    if (!d.chance(0.06)) return d.one(WORDS)
    features.add('odd word')
    return d.one(ODD_WORDS)
  }
  const text = Array.from({ length: d.below(6) }, pick).join(d.chance(0.1) ? '  ' : ' ')
  const form = d.below(12)
  const other = d.one(['GRUB_CMDLINE_LINUX', 'GRUB_CMDLINE_LINUX_DEFAULT'])
  if (form === 0) return `"$${name} ${escaped(text, /[\\"$`]/g)}"`
  if (form === 1) return `"\${${name}} "${written(d, text, features)}`
  if (form === 2) return `"${escaped(text, /[\\"$`]/g)} $${name}"`
  if (form === 3 && d.chance(0.4)) {
    features.add('other variable')
    return `"${escaped(text, /[\\"$`]/g)} $${d.one([other, 'EXTRA'])}"`
  }
  if (form === 4) return `$${name}`
  if (form === 5) return d.chance(0.5) ? d.one(WORDS) : d.one(['', '""', "''", '" "', '"quiet "', "' quiet'"])
  return written(d, text, features)
}

function setting(d: Dice, name: string, features: Set<string>): string {
  const code = `${name}=${value(d, name, features)}`
  const form = d.below(14)
  if (form === 0) {
    if (code.includes('=$')) features.add('unquoted behind export')
    return `export ${code}`
  }
  if (form === 1) return `  ${code} # was ${name}="x"`
  if (form === 2) return `GRUB_P=1; ${code}; GRUB_Q="; # $GRUB_P"`
  if (form === 3) return `${code}\nexport ${name}`
  if (form === 4) return `{ ${code}; }`
  if (form === 5 && d.chance(0.3)) return `unset ${name}`
  if (form === 6) return `GRUB_R=1 ${code}`
  return code
}

/** One set of files; `hostility` is the chance that something is in it that is, or may be, not editable. */
export function grubSet(d: Dice, hostility: number): GrubSet {
  const features = new Set<string>()
  const hostile = d.chance(hostility) ? d.one(Object.keys(HOSTILE)) : undefined
  if (hostile) features.add(hostile)
  const count = 1 + (d.chance(0.5) ? 0 : 1 + d.below(3))
  const noise: string[][] = []
  const hostileIn = d.below(count)
  const files = Array.from({ length: count }, (_, index): GrubFile => {
    const ours = index === 0 ? ['GRUB_CMDLINE_LINUX_DEFAULT', 'GRUB_CMDLINE_LINUX'].filter(() => d.chance(0.9)) : []
    while (d.chance(index === 0 ? 0.25 : 0.6)) ours.push(d.one(['GRUB_CMDLINE_LINUX_DEFAULT', 'GRUB_CMDLINE_LINUX']))
    const statements = ours.map((name) => ({ ours: true, text: setting(d, name, features) }))
    const put = (text: string, mine: boolean) =>
      statements.splice(d.below(statements.length + 1), 0, { ours: mine, text })
    if (features.has('other variable')) put('EXTRA="nosplash pcie_aspm=off"', true)
    if (hostile && hostileIn === index)
      put(HOSTILE[hostile]?.(d, d.one(['GRUB_CMDLINE_LINUX_DEFAULT', 'GRUB_CMDLINE_LINUX'])) ?? '', true)
    const lines = d.below(6)
    for (let n = 0; n < lines; n++) {
      put(d.one(NOISE).replace('GRUB_N#', `GRUB_N${index}${n}`), false)
    }
    noise.push(statements.filter((statement) => !statement.ours).map(({ text }) => text))
    const end = d.chance(0.9) ? '\n' : ''
    return {
      path: index === 0 ? '/etc/default/grub' : `/etc/default/grub.d/${index}0.cfg`,
      text: statements.map(({ text }) => text).join('\n') + end,
    }
  })
  return { files, noise, features }
}

/** The same set after a slip of the hand: some characters gone, doubled or put in. */
export function slipped(d: Dice, set: GrubSet): GrubSet {
  if (set.features.has('set by source') || set.files.some(({ text }) => text.includes('while'))) return set
  const files = set.files.map(({ path, text }) => {
    let slip = text
    for (let n = d.below(3); n > 0; n--) {
      const at = d.below(slip.length)
      slip = slip.slice(0, at) + (d.chance(0.6) ? d.one([...SLIPS]) : '') + slip.slice(at + d.below(2))
    }
    return { path, text: slip }
  })
  return { files, noise: files.map(() => []), features: new Set([...set.features, SLIP]) }
}

/** A change for a set: words to add, and words to remove that may or may not be there. */
export function someChange(d: Dice, present: readonly string[]): ArgumentsChange {
  const pool = present.length > 0 && d.chance(0.8) ? present : WORDS
  const some = (list: readonly string[]) => Array.from({ length: d.below(3) }, () => d.one(list))
  return { add: some(ADDED), remove: some(pool) }
}
