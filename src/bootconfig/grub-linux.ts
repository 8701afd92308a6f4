import { type GrubCommand, grubCommands, grubTokens } from './grub-script.ts'

/** What a menu entry's body loads: the kernel image and its words as /proc/cmdline will show them, and the initrds. */
export interface GrubLinux {
  readonly image: string
  readonly words: readonly string[]
  readonly initrd: readonly string[]
}

/** The commands of a body that load kernels, and those that load initrds. */
export const linuxCommands = (body: string): { linux: GrubCommand[]; initrd: GrubCommand[] } => {
  const commands = grubCommands(grubTokens(body) ?? [])
  const named = (name: RegExp) => commands.filter(([first]) => first && name.test(first.text))
  return { linux: named(/^linux(?:16|efi)?$/), initrd: named(/^initrd(?:16|efi)?$/) }
}

/** Reads the first kernel of a body. */
export function linuxOf(body: string): GrubLinux | undefined {
  const { linux, initrd } = linuxCommands(body)
  const [, image, ...args] = linux[0] ?? []
  if (!image) return undefined
  return {
    image: image.text,
    words: args.map(({ text }) => kernelWord(text)),
    initrd: (initrd[0] ?? []).slice(1).map(({ text }) => text),
  }
}

/** How GRUB writes an argument into the kernel's line (grub-core/lib/cmdline.c): blanks bring quotes, quotes bring backslashes. */
export function kernelWord(argument: string): string {
  const escaped = argument.replace(/[\\'"]/g, '\\$&')
  return argument.includes(' ') ? `"${escaped}"` : escaped
}

/** The argument that GRUB turns into this word, or into one the kernel takes for the same; undefined where there is none. */
export function grubArgument(word: string): string | undefined {
  const [, whole, key = '', value, plain] = /^(?:"([^"]*)"|([^"=]*=)"([^"]*)"|([^"]*))$/.exec(word) ?? []
  const argument = whole ?? (value === undefined ? plain : key + value)
  if (argument === undefined || argument === '' || /[\n\t]/.test(argument)) return undefined
  if (/[\\']/.test(argument.replace(/\\[\\']/g, ''))) return undefined
  return argument.replace(/\\([\\'])/g, '$1')
}

/** An argument as GRUB's lexer reads it back, to the letter: plain, or in single quotes, where nothing is special. */
export const grubQuoted = (argument: string): string =>
  /^[A-Za-z0-9_.,:=@%+/-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`
