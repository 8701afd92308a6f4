import { moduleName, optionValues, readModprobeConfig } from '../bootconfig/modprobe-config.ts'
import type { Facts } from '../facts/facts.ts'
import { kernelWords, keyOf, tokensOf } from './kernel-line.ts'
import type { Evidence } from './rule.ts'

/** Where a module is given a parameter: the words of the running line, and the lines of modprobe.d. */
export function parameterGiven(facts: Facts, module: string, parameter: string): Evidence[] {
  const words = kernelWords(facts.cmdline?.words ?? []).filter(
    (word) => keyOf(word) === moduleName(`${module}.${parameter}`),
  )
  const lines = optionValues(readModprobeConfig(facts['modprobe-d'] ?? []), module, parameter)
  return [
    ...words.map((saw): Evidence => ({ saw, probe: 'cmdline' })),
    ...lines.map(({ path, line }): Evidence => ({ saw: `${path}: ${line}`, probe: 'modprobe-d' })),
  ]
}

/** What keeps modules (names with underscores) from loading whoever asks: an `install` line that does nothing, `module_blacklist=`. A plain blacklist does not. */
export function keptFromLoading(facts: Facts, modules: readonly string[]): Evidence[] {
  const words = (facts.cmdline?.words ?? []).filter((word) =>
    tokensOf([word], 'module_blacklist').some((name) => modules.includes(moduleName(name))),
  )
  const lines = readModprobeConfig(facts['modprobe-d'] ?? []).directives.filter(
    ({ command, module, rest }) =>
      command === 'install' && modules.includes(module) && /^(\S*\/)?(false|true|:)(\s|$)/.test(rest),
  )
  return [
    ...words.map((saw): Evidence => ({ saw, probe: 'cmdline' })),
    ...lines.map(({ path, line }): Evidence => ({ saw: `${path}: ${line}`, probe: 'modprobe-d' })),
  ]
}
