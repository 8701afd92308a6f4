import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { GrubFile } from '../../src/bootconfig/grub-defaults.ts'

/** What dash said of the two variables; undefined = sourcing failed. */
export type DashSaid = { linux: string; linuxDefault: string } | undefined

/** Sources every set as grub-mkconfig does (set -e; `.` one after the other), each in a shell of its own, all in one process. `loose`: a failing command does not end it. */
const SCRIPT = `
for d in "$1"/*/; do
  (
    ulimit -t 2
    [ -e "$d/loose" ] || set -e
    . "$d/0"
    for f in "$d"/*.cfg; do
      if [ -e "$f" ]; then
        . "$f"
      fi
    done
    printf '%s\\001%s\\001%s\\002' "\${d%/}" "$GRUB_CMDLINE_LINUX" "$GRUB_CMDLINE_LINUX_DEFAULT" >&3
  )
done 3>"$1/said" >/dev/null 2>&1 </dev/null
exit 0
`

/** Asks real dash about many sets of files at once. Throws when dash is not there. */
export function askDash(sets: readonly { files: readonly GrubFile[]; loose?: boolean }[]): DashSaid[] {
  const folder = mkdtempSync(join(tmpdir(), 'lanekeeper-dash-'))
  try {
    sets.forEach(({ files, loose = false }, number) => {
      const home = join(folder, String(number).padStart(6, '0'))
      mkdirSync(home)
      if (loose) writeFileSync(join(home, 'loose'), '')
      files.forEach(({ text }, index) => {
        writeFileSync(join(home, index === 0 ? '0' : `${String(index).padStart(2, '0')}.cfg`), text)
      })
    })
    execFileSync('env', ['-i', '/usr/bin/dash', '-c', SCRIPT, 'dash', folder], { cwd: folder })
    const said: DashSaid[] = sets.map(() => undefined)
    for (const record of readFileSync(join(folder, 'said'), 'utf8').split('\u0002').slice(0, -1)) {
      const [home = '', linux = '', linuxDefault = ''] = record.split('\u0001')
      said[Number(home.slice(-6))] = { linux, linuxDefault }
    }
    return said
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
