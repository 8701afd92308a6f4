import { expand, OURS, plainText, type ShellState } from './grub-shell-values.ts'
import { ShellTrouble, type Word } from './grub-shell-words.ts'
import { type Assignment, assignmentIn, type Step } from './shell-assignments.ts'

const NAME = /^[A-Za-z_]\w*$/
const HARMLESS = new Set([':', 'true', 'echo', 'printf', 'umask'])
const STEERING = new Set(
  `exit exec return set alias unalias trap read getopts local command break continue shift cd wait source`.split(' '),
)

/** Lets one file's steps work on the state, as sourcing it would. Throws `ShellTrouble` where no value can be trusted after. */
export function runFile(state: ShellState, file: number, text: string, steps: readonly Step[]): void {
  const end = steps.findIndex(
    (step) => step.kind === 'simple' && step.words[0] && plainText(step.words[0]) === 'return',
  )
  runAll(end < 0 ? steps : steps.slice(0, end), { state, file, text, mode: 'here', tried: false })
}

interface Run {
  readonly state: ShellState
  readonly file: number
  readonly text: string
  readonly mode: 'here' | 'maybe' | 'apart'
  readonly tried: boolean
}

function runAll(steps: readonly Step[], run: Run): void {
  for (const step of steps) runStep(step, run)
}

function runStep(step: Step, run: Run): void {
  if (step.kind === 'simple') runSimple(step, run)
  else if (step.kind === 'looped') forget(step.name, step.at, 'it is the variable of a loop', run)
  else if (step.kind === 'function') run.state.functions.add(step.name)
  else if (step.kind === 'tried') runAll(step.body, { ...run, tried: true })
  else if (run.mode === 'apart' || step.kind === 'apart') runAll(step.body, { ...run, mode: 'apart', tried: true })
  else runAll(step.body, { ...run, mode: 'maybe', tried: true })
}

function runSimple(step: Step & { kind: 'simple' }, run: Run): void {
  const [command, ...rest] = step.words
  if (!command) {
    step.sets.forEach((assignment, index) => {
      const next = step.sets[index + 1]?.name
      assign(assignment, run)
      if (OURS.has(assignment.name) && next !== undefined && !next.startsWith('GRUB_')) {
        forget(
          assignment.name,
          assignment.from,
          `a value with blanks needs quotes; the shell takes "${next}=" for another variable`,
          run,
        )
      }
    })
    return
  }
  for (const { name, from } of step.sets) {
    if (OURS.has(name) && run.mode !== 'apart')
      throw new ShellTrouble(
        from,
        `${name}: a value with blanks needs quotes; the shell takes what follows for a command`,
      )
    forget(name, from, 'it is set for one command only', run)
  }
  runCommand(step.at, plainText(command), rest, run)
}

function runCommand(at: number, name: string | undefined, args: readonly Word[], run: Run): void {
  if (name === undefined) throw new ShellTrouble(at, 'a command whose name is worked out while it runs')
  if (run.mode === 'apart') return
  if (name === 'export' || name === 'readonly') declare(name, args, run)
  else if (name === 'unset') unset(at, args, run)
  else if (name === '.' || name === 'eval') forgetAll(at, `"${name}" may have set it to anything`, run)
  else refuseCommand(at, name, args[0], run)
}

function refuseCommand(at: number, name: string, next: Word | undefined, { state, tried }: Run): void {
  if (STEERING.has(name))
    throw new ShellTrouble(at, `"${name}" changes how the shell goes on`, 'Take it out of the file by hand.')
  if (state.functions.has(name))
    throw new ShellTrouble(at, `a call of the function ${name}`, 'Write it out without a function.')
  if (tried || HARMLESS.has(name)) return
  throw new ShellTrouble(at, `"${name}" is run as a command here`, hintFor(name, next))
}

function hintFor(name: string, next: Word | undefined): string | undefined {
  if (/^\w+\+=/.test(name)) return 'The shell has no "+=": write VAR="$VAR more" by hand.'
  return next && plainText(next)?.startsWith('=') ? 'Leave out the blanks around "=" by hand.' : undefined
}

function assign(assignment: Assignment, run: Run): void {
  const { state, file, mode } = run
  const { name, from, value } = assignment
  if (mode === 'apart') return
  if (state.fixed.has(name)) throw new ShellTrouble(from, `${name} is read-only by now; the shell stops here`)
  if (mode === 'maybe') {
    forget(name, from, 'it is set under a condition', run)
    return
  }
  state.ran.push({ ...assignment, file })
  state.values.set(name, expand(state, file, value, name))
}

function declare(command: string, args: readonly Word[], run: Run): void {
  for (const word of args) {
    const assignment = assignmentIn(run.text, word)
    const name = assignment?.name ?? plainText(word)
    if (name === '-p') continue
    if (!name || !NAME.test(name)) throw new ShellTrouble(word.from, `${command} of something that is no name`)
    if (assignment) assign(assignment, run)
    const splits = word.pieces.some((piece) => !piece.quoted && (piece.kind !== 'char' || '*?['.includes(piece.char)))
    if (assignment && splits) forget(name, word.from, `${command} may cut an unquoted value at its blanks`, run)
    if (command !== 'readonly') continue
    if (run.mode !== 'here') throw new ShellTrouble(word.from, 'readonly under a condition')
    run.state.fixed.add(name)
  }
}

function unset(at: number, args: readonly Word[], run: Run): void {
  for (const word of args) {
    const name = plainText(word)
    if (name === undefined || !NAME.test(name) || run.state.fixed.has(name))
      throw new ShellTrouble(at, 'an "unset" that lanekeeper does not read')
    if (run.mode === 'maybe') forget(name, at, 'it is unset under a condition', run)
    else if (run.mode === 'here') run.state.values.set(name, [])
  }
}

function forget(name: string, at: number, why: string, { state, file, mode }: Run): void {
  if (mode !== 'apart') state.values.set(name, { file, at, why })
}

function forgetAll(at: number, why: string, { state, file }: Run): void {
  state.values.clear()
  state.anything = { file, at, why }
}
