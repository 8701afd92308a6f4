import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Capture } from '../../src/facts/capture.ts'
import { readCapture, writeCapture } from '../../src/facts/capture-folder.ts'
import { learn } from '../../src/facts/learn.ts'

const empty = () => mkdtempSync(join(tmpdir(), 'capture-'))
const withFile = (name: string, text: string) => {
  const folder = empty()
  writeFileSync(join(folder, name), text)
  return folder
}

describe('a capture', () => {
  it('is read as it was written', async () => {
    const capture: Capture = {
      node: 'node3',
      takenAt: '2026-11-22T09:00:00.000Z',
      probes: {
        uname: { exit: 0, ms: 4, cut: false, text: '6.8.12-4-pve\n' },
        lspci: { exit: null, ms: 10_000, cut: false, text: '' },
        'default-grub': { exit: 0, ms: 1, cut: true, text: 'ä\r\n\n' },
      },
    }
    const folder = join(empty(), 'new', 'one')
    await writeCapture(folder, capture)
    expect(await readCapture(folder)).toEqual(capture)
    expect(JSON.parse(readFileSync(join(folder, 'capture.json'), 'utf8'))).toMatchObject({ format: 1, node: 'node3' })
  })

  it('made by hand needs no capture.json, and other files in it do not matter', async () => {
    const capture = await readCapture('test/captures/hand-made')
    expect(Object.keys(capture.probes).sort()).toEqual([
      'cpu',
      'guests',
      'iommu-groups',
      'iommu-units',
      'running',
      'uname',
    ])
    expect(learn(capture).facts).toMatchObject({
      uname: '6.8.12-4-pve',
      cpu: { vendor: 'intel', flags: null },
      'iommu-units': [],
    })
  })

  it.each(['{"format":1}', '{"format":1,"node":"n","takenAt":null,"probes":{}}', '\ufeff{"format":1}'])(
    'whose capture.json names no probe counts every text as taken: %s',
    async (json) => {
      const folder = withFile('capture.json', json)
      writeFileSync(join(folder, 'uname.txt'), '6.8.12-4-pve')
      expect((await readCapture(folder)).probes).toEqual({ uname: { exit: 0, text: '6.8.12-4-pve' } })
    },
  )

  it('does not have what was named but has no file', async () => {
    const folder = withFile('capture.json', '{"format":1,"probes":{"lspci":{"exit":0}}}')
    expect((await readCapture(folder)).probes).toEqual({})
  })
})

describe('what is no capture is told so', () => {
  it.each([
    ['a folder that is not there', () => '/nowhere/at/all', /\/nowhere\/at\/all cannot be opened/],
    ['a file', () => 'package.json', /package.json is a file/],
    ['broken JSON', () => withFile('capture.json', '{"format":1,'), /expected JSON/],
    ['another format', () => withFile('capture.json', '{"format":2}'), /expected "format": 1 .* got 2/],
    ['no format', () => withFile('capture.json', '[]'), /got none/],
    [
      'a wrong form',
      () => withFile('capture.json', '{"format":1,"probes":{"uname":{"exit":"x"}}}'),
      /probes\.uname\.exit/,
    ],
  ])('%s', async (_, folder, words) => {
    const error = await readCapture(folder()).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      name: 'OperatorError',
      code: 'capture-invalid',
      message: expect.stringMatching(words),
    })
    expect(error).toHaveProperty('hint', expect.stringMatching(/\w/))
  })
})
