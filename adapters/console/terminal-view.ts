import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import stringWidth from 'string-width'
import { complete, type World } from './complete.ts'
import { type Paint, wrap } from './draw-card.ts'
import { createDrawer } from './draw-event.ts'
import { createSeen } from './seen.ts'
import type { View } from './view.ts'
import { write } from './write.ts'

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
const TICK_MS = 120
/** What other channels hear is drawn a little later, and not at all when the card has said it by then. */
const ASIDE_MS = 120

export interface TerminalParts {
  readonly input: Readable
  readonly output: Writable & { readonly columns?: number }
  readonly paint: Paint
  readonly home: string
  readonly world: () => Pick<World, 'commands' | 'people' | 'nodes' | 'groups' | 'rules' | 'targets'>
  readonly now: () => Date
}

/** The room drawn for a person: cards above, one live line while something is under way, the prompt below. */
export function createTerminalView({ input, output, paint, home, world, now }: TerminalParts): View {
  const seen = createSeen()
  const draw = createDrawer(home)
  const tasks = new Map<symbol, { words: string; since: number }>()
  let [liveLine, frame, closing, warned] = [false, 0, false, false]
  let ticking: NodeJS.Timeout | undefined

  const lines = createInterface({
    input,
    output,
    terminal: true,
    historySize: 500,
    removeHistoryDuplicates: true,
    completer: (line: string) => {
      const now = world()
      const targets = (node: string) => [...new Set([...now.targets(node), ...seen.targets()])]
      return complete(line, { ...now, changes: seen.changes(), targets, messages: seen.asking() })
    },
  })
  // A terminal that does not know its size says 0.
  const columns = () => output.columns || 80

  /** Takes the prompt (and the live line above it) off the screen. */
  const lift = () => {
    const up = lines.getCursorPos().rows + (liveLine ? 1 : 0)
    liveLine = false
    return `${up ? `\u001b[${up}A` : ''}\r\u001b[J`
  }

  const live = (): string => {
    const parts = [
      ...[...tasks.values()].map(({ words, since }) => `${words} – ${elapsed(since)}`),
      ...seen.underWay().map(({ title, since }) => `${title} – ${elapsed(since)}`),
    ]
    if (parts.length === 0) return ''
    const text = `${FRAMES[frame % FRAMES.length]} ${parts.join('  ·  ')}`
    return paint.cyan(fitted(text, columns() - 1))
  }
  const elapsed = (since: number) => `${Math.max(0, Math.floor((now().getTime() - since) / 1000))} s`

  const settle = (): void => {
    if (closing) return
    const text = live()
    liveLine = text !== ''
    if (liveLine) output.write(`${text}\n`)
    lines.prompt(true)
    if (liveLine && !ticking) ticking = setInterval(tick, TICK_MS).unref()
    if (!liveLine) ticking = void clearInterval(ticking)
  }

  const tick = () => {
    frame += 1
    const text = live()
    if (closing) return
    if (!text || !liveLine) return redraw()
    output.write(`\u001b7\u001b[${lines.getCursorPos().rows + 1}A\r\u001b[2K${text}\u001b8`)
  }

  const close = () => {
    clearInterval(ticking)
    closing = true
  }

  const redraw = () => {
    if (closing) return
    output.write(lift())
    settle()
  }

  return {
    async show(event) {
      seen.note(event)
      if (event.channel !== home && event.event !== 'whisper') await sleep(ASIDE_MS)
      const text = draw(event, { columns: columns(), paint })
      if (text === '') return redraw()
      const written = write(output, `${closing ? '' : lift()}${text}\n`)
      settle()
      await written
    },
    listen(hear, over) {
      const leave = () => {
        if (!closing) output.write(`${lift()}${paint.dim('Leaving.')}\n`)
        close()
        over(true)
      }
      lines.on('line', (line) => {
        liveLine = false
        warned = false
        hear(line)
        redraw()
      })
      lines.on('SIGINT', () => {
        const [first] = seen.underWay()
        if (lines.line !== '') return void lines.write(null, { ctrl: true, name: 'u' })
        if (!first || warned) return leave()
        warned = true
        output.write(`${lift()}${paint.yellow(wrap(staying(first.title), columns()))}\n`)
        settle()
      })
      lines.on('close', leave)
      settle()
    },
    person(name) {
      lines.setPrompt(`${paint.bold(paint.green(name))} ▸ `)
    },
    busy(words) {
      const task = Symbol(words)
      tasks.set(task, { words, since: now().getTime() })
      redraw()
      return () => {
        tasks.delete(task)
        redraw()
      }
    },
    stop() {
      close()
      lines.close()
    },
  }
}

const staying = (title: string): string =>
  `${title}. Start the bot again soon: it goes on from there; without it the guard takes the node back. Ctrl-C again to leave.`

/** The live line must stay one line: its end is only repeated below, on the card. */
function fitted(text: string, width: number): string {
  if (stringWidth(text) <= width) return text
  let cut = text
  while (stringWidth(cut) > width - 1) cut = cut.slice(0, -1)
  return `${cut}…`
}
