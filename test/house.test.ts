import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'

/** Who may import whom; the picture of it is in docs/contributing.md. A folder may always import itself. */
const MAY: Record<string, readonly string[]> = {
  'src/ssh': [],
  'src/bootconfig': [],
  data: [],
  'src/knowledge': ['data', 'src/bootconfig'],
  'src/facts': ['src/ssh'],
  'src/diagnosis': ['src/facts', 'src/bootconfig', 'src/knowledge'],
  'src/rules': ['src/diagnosis', 'src/facts', 'src/knowledge'],
  'src/boot': ['src/bootconfig', 'src/facts', 'src/ssh'],
  'src/changes': ['src/bootconfig', 'src/facts', 'src/boot', 'src/ssh'],
  'src/jobs': ['src/changes', 'src/boot'],
  'src/gates': ['src/changes', 'src/facts'],
  'src/remedies': ['src/changes', 'src/jobs', 'src/boot', 'src/bootconfig', 'src/facts', 'src/knowledge'],
  'src/topology': ['src/diagnosis', 'src/facts'],
  'src/cards': ['src/diagnosis', 'src/changes', 'src/topology'],
  'src/chat': ['src/cards', 'src/diagnosis', 'src/changes', 'src/topology', 'src/core.ts'],
  'src/store': ['src/ssh'],
  'src/fleet': ['src/diagnosis', 'src/core.ts'],
  'src/grant': ['src/facts', 'src/fleet'],
  'src/observe': ['src/changes', 'src/diagnosis'],
  'src/simulator': ['src/bootconfig', 'src/facts', 'src/boot', 'src/fleet'],
  adapters: ['src/chat', 'src/cards', 'src/changes'],
  commands: ['src/chat', 'src/cards', 'src/diagnosis', 'src/rules', 'src/core.ts'],
  'src/core.ts': ['src/changes', 'src/diagnosis', 'src/topology'],
  'src/memory.ts': ['src/diagnosis', 'src/store'],
  'src/config.ts': ['src/changes', 'src/ssh', 'src/chat', 'src/cli'],
  'src/audit.ts': ['src/store'],
  'src/log.ts': [],
  'src/errors.ts': [],
}
const ANYONE = ['src/errors.ts', 'src/log.ts']
/** The files that join the rooms. */
const JOINERS = [
  'src/main.ts',
  'src/cli.ts',
  'src/cli',
  'src/engine.ts',
  'src/prescribe.ts',
  'src/draft.ts',
  'src/create-core.ts',
  'src/think.ts',
  'src/looking.ts',
  'src/watching.ts',
  'src/observing.ts',
  'src/storage.ts',
  'src/discovering.ts',
  'src/reach.ts',
  'src/chats.ts',
]

const files = globSync('{src,adapters,commands}/**/*.ts')
const layerOf = (file: string): string => {
  const rooms = [...Object.keys(MAY), ...JOINERS].filter((room) => file === room || file.startsWith(`${room}/`))
  return rooms.toSorted((a, b) => b.length - a.length)[0] ?? file
}
const importsOf = (file: string): string[] =>
  [...readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?'(\.[^']+)'/g)].map(([, target = '']) =>
    join(dirname(file), target),
  )

test('every file has a room', () => {
  expect(files.filter((file) => !(layerOf(file) in MAY) && !JOINERS.includes(layerOf(file)))).toEqual([])
})

describe('imports point one way', () => {
  test.each(files.filter((file) => !JOINERS.includes(layerOf(file))))('%s', (file) => {
    const layer = layerOf(file)
    const allowed = [layer, ...ANYONE, ...(MAY[layer] ?? [])]
    const strangers = importsOf(file).filter((target) => !allowed.includes(layerOf(target)))
    expect(strangers).toEqual([])
  })
})

test('what decides imports no port and no clock', () => {
  const pure = [
    'transition',
    'next-step',
    'approval',
    'verify',
    'gates',
    'gate',
    'windows',
    'plan',
    'plan-difference',
  ].map((name) => `src/changes/${name}.ts`)
  for (const file of pure) {
    const text = readFileSync(file, 'utf8')
    expect(text, file).not.toMatch(
      /from '\.\/(ports|hands|runner|steps)\.ts'|from '\.\.\/ssh|node:(fs|net|child)|new Date\(\)|Date\.now|Math\.random/,
    )
  }
})

test('nobody but the configuration reads the environment', () => {
  const readers = files.filter((file) => /process\.env/.test(readFileSync(file, 'utf8')))
  expect(
    readers.filter((file) => !['src/cli.ts', 'src/config.ts'].includes(file) && !file.startsWith('src/cli/')),
  ).toEqual([])
})

test('what runs is a dependency, and not only a development dependency', () => {
  const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies: Record<string, string> }
  const packages = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/^(?:import|export) (?!type )[^\n]*?from '([^'.][^']*)'/gm)].map(
      ([, name = '']) => name,
    ),
  )
  const missing = packages
    .filter((name) => !name.startsWith('node:'))
    .map((name) =>
      name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/'),
    )
    .filter((name) => !(name in dependencies))
  expect([...new Set(missing)]).toEqual([])
})

test('what the documents point to is there', () => {
  const pages = globSync('{README.md,docs/*.md,test/lab/README.md}')
  const dead = pages.flatMap((page) =>
    [...readFileSync(page, 'utf8').matchAll(/\]\(((?!https?:)[^)#\s]+)/g)]
      .map(([, target = '']) => join(dirname(page), target))
      .filter((target) => !existsSync(target))
      .map((target) => `${page} → ${target}`),
  )
  expect(dead).toEqual([])
})

test('no file is longer than 200 lines', () => {
  const long = files
    .map((file) => [file, readFileSync(file, 'utf8').split('\n').length - 1] as const)
    .filter(([, lines]) => lines > 200)
  expect(long).toEqual([])
})

test('the boot configuration of a node is written nowhere but in the acts', () => {
  const writers = files.filter((file) => /update-grub\b.*2>&1|systemctl .*reboot/.test(readFileSync(file, 'utf8')))
  expect(writers.filter((file) => !file.startsWith('src/boot/'))).toEqual([])
})
