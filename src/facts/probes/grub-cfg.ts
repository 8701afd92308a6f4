import { z } from 'zod'
import { grubWords } from '../grub-words.ts'
import { defineProbe, NotLearned } from '../probe.ts'
import { snippetFile } from '../script.ts'
import { filled, isMissingFile, isRefusal } from '../text.ts'

/** The entries of the generated GRUB configuration, in order. `path` and `index` are what GRUB_DEFAULT would name it by (`submenu>entry`, `1>0`), null where the submenus are not shown; `image` is the kernel file, `words` the arguments behind it. */
export const GrubCfg = z.array(
  z.object({
    title: z.string(),
    id: z.string().nullable(),
    image: z.string().nullable(),
    words: z.array(z.string()),
    recovery: z.boolean(),
    path: z.string().nullish(),
    index: z.string().nullish(),
  }),
)
export type GrubCfg = z.infer<typeof GrubCfg>

export const grubCfg = defineProbe({
  name: 'grub-cfg',
  snippet: snippetFile('grub-cfg'),
  seconds: 15,
  maxBytes: 1024 * 1024,
  schema: GrubCfg,
  parse,
})

function parse(text: string): GrubCfg {
  if (isMissingFile(text)) return []
  const entries: GrubCfg = []
  const place = places()
  let open: GrubCfg[number] | undefined
  for (const line of filled(text)) {
    if (isRefusal(line)) throw new NotLearned(`could not look: ${line.trim()}`)
    const [kind, ...words] = grubWords(line.trim())
    const nested = /^\s/.test(line)
    if (kind === 'menuentry' || kind === 'submenu') {
      const title = words[0] ?? ''
      const named = words.findIndex((word) => word === '--id' || word === '$menuentry_id_option')
      const id = named === -1 ? null : (words[named + 1] ?? null)
      const where = place(kind, nested, id ?? title)
      open = undefined
      if (kind === 'submenu') continue
      const recovery = /\(recovery mode\)/.test(title) || /-recovery-/.test(id ?? '')
      open = { title, id, image: null, words: [], recovery, ...where }
      entries.push(open)
    } else if ((kind === 'linux' || kind === 'linuxefi' || kind === 'linux16') && open && open.image === null) {
      open.image = words[0] ?? null
      open.words = words.slice(1)
      open.recovery ||= open.words.includes('single') && !open.words.includes('quiet')
    }
  }
  if (entries.length === 0) throw new NotLearned('no menuentry in it')
  return entries
}

/** Counts entries as GRUB does. An indented entry without a submenu line before it means that those were left out. */
function places() {
  let top = 0
  let inside = 0
  let menu: { id: string; index: number } | null = null
  let known = true
  return (kind: 'menuentry' | 'submenu', nested: boolean, id: string) => {
    if (nested && menu === null) known = false
    if (!known) return { path: nested ? null : id, index: null }
    if (nested && menu) return { path: `${menu.id}>${id}`, index: `${menu.index}>${inside++}` }
    const index = top++
    menu = kind === 'submenu' ? { id, index } : null
    inside = 0
    return { path: id, index: String(index) }
  }
}
