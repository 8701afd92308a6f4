import { splitWords } from '../bootconfig/kernel-line.ts'
import {
  blacklisted,
  type ConfigLine,
  type Directive,
  type ModprobeConfig,
  moduleName,
  namedModules,
  optionValues,
  readModprobeConfig,
} from '../bootconfig/modprobe-config.ts'
import type { Facts } from '../facts/facts.ts'
import { isVfioModule, vfioModuleGoneSince } from '../knowledge/vfio-modules.ts'
import { valuesOf } from './kernel-line.ts'
import { atLeast } from './kernel-release.ts'
import type { Evidence, Severity } from './rule.ts'
import { distance } from './typos.ts'
import { readPciId } from './vfio-ids.ts'

/** Something in the module configuration that does not do what it says: one sentence, and the line. */
export interface ConfigFault {
  readonly severity: Severity
  readonly says: string
  readonly evidence: Evidence
}

const bareId = /(?:^|[\s,=])[0-9a-f]{4}:[0-9a-f]{4}\b/i

/** Lines of /etc/modprobe.d that libkmod passes over or takes otherwise than meant, as far as passthrough rests on them. */
export function modprobeFaults(facts: Facts): ConfigFault[] {
  const config = readModprobeConfig(facts['modprobe-d'] ?? [])
  const kept = new Set(blacklisted(config))
  return [
    ...config.ignored.map(passedOver),
    ...config.directives.flatMap((one) => [...strayIds(one), ...wrongModule(one), ...idlessSoftdep(one)]),
    ...config.directives.flatMap((one) => secondName(one, kept)),
    ...badIds(config),
    ...lostIds(config, facts),
  ]
}

const fault = (severity: Severity, { path, line }: ConfigLine, says: string): ConfigFault => ({
  severity,
  says,
  evidence: { saw: `${path}: ${line.trim()}`, probe: 'modprobe-d' },
})

function passedOver(one: ConfigLine): ConfigFault {
  const ids = bareId.test(one.line)
  const [command = ''] = one.line.trim().split(/\s+/)
  const near = ['blacklist', 'options', 'softdep'].some((known) => distance(command.toLowerCase(), known) <= 2)
  const about = ids || near || /vfio|blacklist/i.test(`${one.path} ${one.line}`)
  const why = ids ? ' The ids must stand in one line: options vfio-pci ids=<id>,<id>.' : ''
  return fault(
    about ? 'warning' : 'notice',
    one,
    `modprobe passes over the line "${one.line.trim()}" of ${one.path}.${why}`,
  )
}

/** `ids=10de:1b80, 10de:10f0`: what stands behind the blank is a parameter of its own, which nobody knows. */
function strayIds(one: Directive): ConfigFault[] {
  if (one.command !== 'options' || one.module !== 'vfio_pci') return []
  const words = splitWords(one.rest.replace(/(^|\s)#.*$/, ''))
  const stray = words.filter((word) => bareId.test(word) && !/^[^=]+=./.test(word))
  return stray.length === 0
    ? []
    : [
        fault(
          'warning',
          one,
          `vfio-pci does not get ${stray.join(' ')}: in ${one.path} a blank separates ${stray.length > 1 ? 'them' : 'it'} from ids=.`,
        ),
      ]
}

/** The ids are given to a module that has no such parameter. */
const wrongModule = (one: Directive): ConfigFault[] =>
  one.command === 'options' && /^vfio/.test(one.module) && one.module !== 'vfio_pci' && /(^|\s)ids\s*=/.test(one.rest)
    ? [
        fault(
          'warning',
          one,
          `The ids in ${one.path} are given to ${one.module}, which has no such parameter; vfio-pci is meant.`,
        ),
      ]
    : []

const idlessSoftdep = (one: Directive): ConfigFault[] =>
  one.command === 'softdep' && /vfio/.test(`${one.module} ${one.rest}`) && !/(^|\s)(pre|post):(\s|$)/.test(one.rest)
    ? [
        fault(
          'warning',
          one,
          `The softdep line for ${one.module} in ${one.path} does nothing: "pre:" is missing, with a blank behind it.`,
        ),
      ]
    : []

/** A blacklist line holds one module; the others on it are passed over. */
function secondName(one: Directive, kept: ReadonlySet<string>): ConfigFault[] {
  if (one.command !== 'blacklist') return []
  const names = `${one.module} ${one.rest.replace(/#.*$/, '')}`.split(/[\s,]+/).filter(Boolean)
  const lost = names.filter((name) => !kept.has(moduleName(name)))
  return lost.length === 0
    ? []
    : [
        fault(
          'warning',
          one,
          `The line "${one.line.trim()}" in ${one.path} does not blacklist ${lost.join(' ')}: each module needs a line of its own.`,
        ),
      ]
}

const idValues = (config: ModprobeConfig) => optionValues(config, 'vfio-pci', 'ids')
const idsIn = (value: string): string[] => value.split(',').filter((token) => token !== '')

const badIds = (config: ModprobeConfig): ConfigFault[] =>
  idValues(config).flatMap((one) => {
    const bad = idsIn(one.value).filter((token) => readPciId(token) === null)
    return bad.length === 0
      ? []
      : [
          fault(
            'warning',
            one,
            `"${bad.join(' ')}" in ${one.path} is no PCI id; vfio-pci wants vendor and device as lspci -nn shows them, such as 10de:1b80.`,
          ),
        ]
  })

/** Of several `ids=` the last one alone counts, and the kernel line comes last (kmod, libkmod-config.c). */
function lostIds(config: ModprobeConfig, facts: Facts): ConfigFault[] {
  const values = idValues(config)
  const inFiles = idsIn(values.at(-1)?.value ?? '')
  const live = valuesOf(facts.cmdline?.words ?? [], 'vfio-pci.ids').at(-1)
  const last = live === undefined ? inFiles : idsIn(live)
  return values.flatMap((one) => {
    const lost = idsIn(one.value).filter((token) => !last.includes(token))
    const passed = idsIn(one.value).filter((token) => !inFiles.includes(token))
    const words = (lost.length > 0 ? lost : passed).join(' ')
    const says = `vfio-pci does not get ${words} from ${one.path}: ids= is given more than once, and only the last counts. Put all ids into one list.`
    return words === '' ? [] : [fault(lost.length > 0 ? 'warning' : 'notice', one, says)]
  })
}

/** Are there ids in modprobe.d, so that the kernel line could overrule them? */
export const idsInFiles = (facts: Facts): boolean => idValues(readModprobeConfig(facts['modprobe-d'] ?? [])).length > 0

/** Lines of /etc/modules that load nothing. `unknown`: the kernel decides, and is not known. */
export function moduleListFaults(facts: Facts): { faults: ConfigFault[]; unknown: boolean } {
  const faults: ConfigFault[] = []
  let unknown = false
  const add = (severity: Severity, { path, line }: ConfigLine, says: string) =>
    faults.push({ severity, says, evidence: { saw: `${path}: ${line}`, probe: 'modules' } })
  for (const one of namedModules(facts.modules ?? []).filter(({ module }) => /^vfio/.test(module))) {
    const gone = vfioModuleGoneSince(one.module)
    const past = gone && (facts.uname === undefined ? null : atLeast(facts.uname, ...gone))
    if (/\s/.test(one.line))
      add(
        'warning',
        one,
        `Nothing is loaded by the line "${one.line}" of ${one.path}: a line holds the name of one module, and options belong into /etc/modprobe.d.`,
      )
    else if (!isVfioModule(one.module)) add('notice', one, `There is no module ${one.line}, which ${one.path} names.`)
    else if (gone && past === null) unknown = true
    else if (past)
      add(
        'notice',
        one,
        `${one.line} in ${one.path} is part of vfio since kernel ${gone?.join('.')}, so the line does nothing and can go; that it fails at boot is harmless.`,
      )
  }
  return { faults, unknown }
}
