import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readCapture } from '../../src/facts/capture-folder.ts'
import { learn } from '../../src/facts/learn.ts'
import { think } from '../../src/think.ts'
import { median, ms, quantile, type Row } from './figures.ts'

const rows: Row[] = []
afterAll(() => console.table(rows))

test('the rules, and all the thinking, per report', async () => {
  const folder = join(import.meta.dirname, '../cases')
  const took: number[] = []
  const learning: number[] = []
  for (const name of readdirSync(folder)) {
    const capture = await readCapture(join(folder, name, 'capture'))
    for (let round = 0; round < 20; round++) {
      const began = performance.now()
      const { facts } = learn(capture)
      const between = performance.now()
      const { report } = think(facts, { target: null }, { node: name, takenAt: null })
      expect(report.results.length).toBeGreaterThan(30)
      learning.push(between - began)
      took.push(performance.now() - between)
    }
  }
  const half = median(took)
  rows.push(
    {
      figure: 'rules, plan and picture, per report',
      ours: ms(half),
      beside: '',
      ratio: '',
      goal: 'under 5 ms',
      met: half < 5,
    },
    { figure: '  of 99 in 100', ours: ms(quantile(took, 0.99)), beside: '', ratio: '', goal: '', met: '' },
    { figure: 'parsing a capture', ours: ms(median(learning)), beside: '', ratio: '', goal: '', met: '' },
  )
})
