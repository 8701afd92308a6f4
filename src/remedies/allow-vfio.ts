import { fileEdit } from '../boot/file-edit.ts'
import { type Directive, installsNothing, readModprobeConfig } from '../bootconfig/modprobe-config.ts'
import { NO_ARGUMENTS } from '../changes/another-kernel.ts'
import type { Remedy } from '../changes/remedy.ts'
import type { Facts } from '../facts/facts.ts'
import { isVfioModule } from '../knowledge/vfio-modules.ts'

/** Turns the `install` lines of modprobe.d that keep vfio from loading into comments. modprobe reads them anew each time, so no boot has to try it. */
export const allowVfio: Remedy = {
  id: 'allow-vfio',
  title: 'Let the vfio modules load',
  wish: ({ 'modprobe-d': lines }) => {
    if (!lines) return { refused: '/etc/modprobe.d could not be read' }
    const off = keptOff(lines)
    if (off.length === 0) return { refused: 'no line of /etc/modprobe.d keeps vfio from loading' }
    const edits = [...new Set(off.map(({ path }) => path))].map((path) => {
      const own = lines.filter((one) => one.path === path).map(({ line }) => line)
      const bad = off.filter((one) => one.path === path).map(({ line }) => line)
      return fileEdit(path, textOf(own), textOf(own.map((line) => (bad.includes(line) ? `# ${line}` : line))))
    })
    return {
      title: `Let ${[...new Set(off.map(({ module }) => module))].join(', ')} load again`,
      args: NO_ARGUMENTS,
      files: edits,
      inPlace: true,
      risk: 1,
      risks: ['Somebody wrote these lines to keep guests away from devices: see that it is not their wish any more.'],
    }
  },
  uncured: ({ 'modprobe-d': lines }) =>
    lines
      ? keptOff(lines).map(({ path, line }) => `${path} still has "${line}"`)
      : ['/etc/modprobe.d could not be read'],
}

const keptOff = (lines: NonNullable<Facts['modprobe-d']>): Directive[] =>
  installsNothing(readModprobeConfig(lines)).filter(({ module }) => isVfioModule(module))

const textOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('')
