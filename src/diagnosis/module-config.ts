import { installsNothing, moduleName, optionValues, readModprobeConfig } from '../bootconfig/modprobe-config.ts'
import type { Facts } from '../facts/facts.ts'
import { kernelWords, keyOf, tokensOf } from './kernel-line.ts'
import type { Evidence, Finding } from './rule.ts'

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
  const lines = installsNothing(readModprobeConfig(facts['modprobe-d'] ?? [])).filter(({ module }) =>
    modules.includes(module),
  )
  return [
    ...words.map((saw): Evidence => ({ saw, probe: 'cmdline' })),
    ...lines.map(({ path, line }): Evidence => ({ saw: `${path}: ${line}`, probe: 'modprobe-d' })),
  ]
}

/** The cure of what `keptFromLoading` shows: the word of the kernel line gives up these modules, the lines of modprobe.d go. */
export function lettingLoad(
  kept: readonly Evidence[],
  modules: readonly string[],
): Pick<Finding, 'remedies' | 'suggests'> {
  const words = kept.filter(({ probe }) => probe === 'cmdline').map(({ saw }) => saw)
  const remedies = [
    ...(words.length > 0 ? ['drop-argument'] : []),
    ...(kept.some(({ probe }) => probe === 'modprobe-d') ? ['allow-vfio'] : []),
  ]
  const others = tokensOf(words, 'module_blacklist').filter((name) => !modules.includes(moduleName(name)))
  const add = others.length > 0 ? [`module_blacklist=${others.join(',')}`] : []
  return { remedies, ...(words.length > 0 && { suggests: { add, remove: words } }) }
}
