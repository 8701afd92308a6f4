import { basename, dirname, join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fileName } from '../../adapters/file-name.ts'

test.each([
  ['topology.svg', 'topology.svg'],
  ['node3 topology (1).png', 'node3_topology_1_.png'],
  ['../../etc/passwd', 'passwd'],
  ['..', 'file'],
  ['', 'file'],
  ['.ssh', 'ssh'],
  ['a/b/', 'file'],
  ['-rf', 'rf'],
  ['C:\\x\\y.txt', 'y.txt'],
  ['a\u202egnp.exe', 'a_gnp.exe'],
  [`${'x'.repeat(300)}.tar.gz`, `${'x'.repeat(77)}.gz`],
])('%j is written as %s', (given, name) => expect(fileName(given)).toBe(name))

test('whatever the name, it stays in its folder, in sight, and short', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (given) => {
      const name = fileName(given)
      expect(name).toMatch(/^[A-Za-z0-9_][\w.-]{0,79}$/)
      expect(name).not.toContain('..')
      const path = join('/data/files', name)
      expect([dirname(path), basename(path)]).toEqual(['/data/files', name])
    }),
  )
})
