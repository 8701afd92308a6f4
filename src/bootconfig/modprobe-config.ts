import { splitWords } from './kernel-line.ts'

/** A line of a file that tells which modules to load, and how. */
export interface ConfigLine {
  readonly path: string
  readonly line: string
}

/** A directive of modprobe.d. Module names have underscores, as the kernel and libkmod compare them; `rest` is what follows the module. */
export interface Directive extends ConfigLine {
  readonly command: string
  readonly module: string
  readonly rest: string
}

/** What libkmod makes of /etc/modprobe.d: the directives, and the lines it passes over ("ignoring bad line starting with …"). */
export interface ModprobeConfig {
  readonly directives: readonly Directive[]
  readonly ignored: readonly ConfigLine[]
}

/** The directives, and whether something has to follow the module (kmod, libkmod-config.c). `include` and `config` are no longer read. */
const COMMANDS: Readonly<Record<string, boolean>> = {
  alias: true,
  blacklist: false,
  install: true,
  options: true,
  remove: true,
  softdep: true,
  weakdep: true,
}

/** The name by which a module is known to the kernel: `vfio-pci` is `vfio_pci`. */
export const moduleName = (name: string): string => name.replaceAll('-', '_')

/** Reads the lines of modprobe.d, in the order of the files, as libkmod does: a backslash at the end joins lines, `#` starts a comment. */
export function readModprobeConfig(lines: readonly ConfigLine[]): ModprobeConfig {
  const directives: Directive[] = []
  const ignored: ConfigLine[] = []
  for (const one of joined(lines)) {
    const [, command = '', module = '', rest = ''] = /^[\t ]*(\S*)[\t ]*(\S*)[\t ]*(.*)$/.exec(one.line) ?? []
    if (command === '' || command.startsWith('#')) continue
    const more = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined
    if (more === undefined || module === '' || (more && rest === '')) ignored.push(one)
    else directives.push({ ...one, command, module: moduleName(module), rest })
  }
  return { directives, ignored }
}

function joined(lines: readonly ConfigLine[]): ConfigLine[] {
  const out: ConfigLine[] = []
  let open = false
  for (const { path, line } of lines) {
    const last = out.at(-1)
    if (open && last?.path === path) out[out.length - 1] = { path, line: last.line.slice(0, -1) + line }
    else out.push({ path, line })
    open = line.endsWith('\\')
  }
  return out
}

/** A value that an `options` line gives to a parameter, quotes taken off. */
export interface OptionValue extends ConfigLine {
  readonly value: string
}

/** The values given to a parameter of a module, in libkmod's order. Of a text such as vfio-pci's `ids` the last one alone counts. */
export const optionValues = ({ directives }: ModprobeConfig, module: string, parameter: string): OptionValue[] =>
  directives
    .filter((one) => one.command === 'options' && one.module === moduleName(module))
    .flatMap(({ path, line, rest }) =>
      splitWords(rest)
        .filter((word) => moduleName(word.split('=', 1)[0] ?? '') === moduleName(parameter) && word.includes('='))
        .map((word) => ({ path, line, value: word.slice(word.indexOf('=') + 1).replace(/^"(.*)"$/, '$1') })),
    )

/** The modules that a `softdep … pre:` line has loaded before a module; `pre:` and `post:` are words of their own. */
export function loadedBefore({ directives }: ModprobeConfig, module: string): string[] {
  const before: string[] = []
  for (const { command, module: of, rest } of directives) {
    if (command !== 'softdep' || of !== moduleName(module)) continue
    let mode = ''
    for (const word of rest.split(/\s+/)) {
      if (word === 'pre:' || word === 'post:') mode = word
      else if (mode === 'pre:' && word !== '') before.push(moduleName(word))
    }
  }
  return before
}

/** The `install` lines that do nothing: their module does not load, whoever asks for it. */
export const installsNothing = ({ directives }: ModprobeConfig): Directive[] =>
  directives.filter(({ command, rest }) => command === 'install' && /^(\S*\/)?(false|true|:)(\s|$)/.test(rest))

/** The modules that `blacklist` lines keep from loading by themselves. */
export const blacklisted = ({ directives }: ModprobeConfig): string[] =>
  directives.filter(({ command }) => command === 'blacklist').map(({ module }) => module)

/** A module named in /etc/modules or modules-load.d: one a line, as systemd-modules-load reads it. */
export interface NamedModule extends ConfigLine {
  readonly module: string
}

/** The modules to load at boot; comments start with `#` or `;`. A line with a blank in it is no module's name, and stays as it is. */
export const namedModules = (lines: readonly ConfigLine[]): NamedModule[] =>
  lines
    .filter(({ line }) => /^\s*[^\s#;]/.test(line))
    .map(({ path, line }) => ({ path, line: line.trim(), module: moduleName(line.trim()) }))
