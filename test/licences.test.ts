import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

interface Locked {
  readonly dev?: boolean
  readonly optional?: boolean
  readonly license?: string
}

/** What may be used by a program under the MIT licence without any duty beyond naming it. */
const FREE = [
  'MIT',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'MPL-2.0',
  'Unlicense',
  'Python-2.0',
  'CC0-1.0',
]

/** Those that name their licence in an older form of package.json, which the lock file does not keep. */
const NAMED: Record<string, string> = { ssh2: 'MIT', 'cpu-features': 'MIT', buildcheck: 'MIT' }

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, Locked> }
const used = Object.entries(packages).flatMap(([path, { dev, license }]) =>
  path === '' || dev ? [] : [nameAndLicence(path.split('node_modules/').at(-1) ?? path, license)],
)

function nameAndLicence(name: string, licence: string | undefined) {
  return { name, licence: licence ?? NAMED[name] ?? 'none' }
}

test('every package that runs with the program has a licence that goes with its own', () => {
  const others = used.filter(
    ({ licence }) =>
      !licence
        .replaceAll(/[()]/g, '')
        .split(/ OR | AND /)
        .some((one) => FREE.includes(one)),
  )
  expect(others.filter(({ name }) => name !== 'dejavu-fonts-ttf')).toEqual([])
})

test('the list of licences is up to date: npx vitest run test/licences.test.ts -u', async () => {
  const lines = [...new Set(used.map(({ name, licence }) => `| ${name} | ${licence} |`))].toSorted()
  const page = `# Licences of what runs with the program\n\n| package | licence |\n|---|---|\n${lines.join('\n')}\n`
  await expect(page).toMatchFileSnapshot('../docs/licences.md')
})
