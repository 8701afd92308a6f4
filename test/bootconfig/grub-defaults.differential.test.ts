import { beforeAll, describe, expect, test } from 'vitest'
import { type EditedDefaults, editGrubDefaults, evaluateGrubDefaults } from '../../src/bootconfig/grub-defaults.ts'
import type { ArgumentsChange } from '../../src/bootconfig/kernel-line.ts'
import { isRefusal, type Refusal } from '../../src/errors.ts'
import { tool } from '../tool.ts'
import { askDash, type DashSaid } from './dash.ts'
import { dice, type GrubSet, grubSet, SLIP, slipped, someChange } from './grub-defaults-sets.ts'

const SETS = Number(process.env.LANEKEEPER_GRUB_SETS ?? 3000)
const SEED = Number(process.env.LANEKEEPER_GRUB_SEED ?? 20261122)

interface Case {
  readonly set: GrubSet
  readonly change: ArgumentsChange
  readonly before: DashSaid
  readonly edited: EditedDefaults | Refusal
  readonly after: DashSaid
}

let cases: Case[] = []
const wordsOf = (said: DashSaid): string[] => cut(`${said?.linux} ${said?.linuxDefault}`)
/** A reading of its own: blanks cut, except between double quotes. */
const cut = (line: string): string[] => line.match(/(?:[^\s"]|"[^"]*(?:"|$))+/g) ?? []
const filesAfter = ({ set, edited }: Case) =>
  set.files.map(({ path, text }) => ({
    path,
    text: isRefusal(edited) ? text : (edited.edits.find((edit) => edit.path === path)?.after ?? text),
  }))
const show = (one: Case): string =>
  JSON.stringify({ ...one, features: [...one.set.features], after: filesAfter(one), said: one.after }, null, 1)

describe.skipIf(!tool('dash'))('held against dash', () => {
  beforeAll(() => {
    const d = dice(SEED)
    const sets = Array.from({ length: SETS }, () => {
      const set = grubSet(d, 0.25)
      return d.chance(0.2) ? slipped(d, set) : set
    })
    const said = askDash(sets.map(({ files, features }) => ({ files, loose: features.has(SLIP) })))
    const planned = sets.map((set, index): Case => {
      const before = said[index]
      const change = someChange(d, before ? wordsOf(before).filter((word) => /^[\w.,:=@%+/-]+$/.test(word)) : [])
      return { set, change, before, edited: editGrubDefaults(set.files, change), after: undefined }
    })
    const again = askDash(planned.map((one) => ({ files: filesAfter(one), loose: one.set.features.has(SLIP) })))
    cases = planned.map((one, index) => ({ ...one, after: again[index] }))
  }, 400_000)

  test('the values worked out are what dash says, or are refused; where dash fails, they are refused', () => {
    for (const one of cases) {
      const values = evaluateGrubDefaults(one.set.files)
      if (isRefusal(values)) continue
      expect(one.before, show(one)).toEqual(values)
    }
  })

  test('after an edit dash says exactly the intended words more and less, the others in their order', () => {
    for (const one of cases) {
      if (isRefusal(one.edited)) continue
      const { add, remove } = one.change
      const gone = remove.filter((word) => !add.includes(word))
      const [before, after] = [wordsOf(one.before), wordsOf(one.after)]
      const kept = before.filter((word) => !gone.includes(word))
      const fresh = [...new Set(add)].filter((word) => !before.includes(word))
      expect(
        after.filter((word) => !fresh.includes(word)),
        show(one),
      ).toEqual(kept)
      expect(after.filter((word) => fresh.includes(word)).sort(), show(one)).toEqual([...fresh].sort())
      expect(one.edited.valueAfter, show(one)).toBe(`${one.after?.linux} ${one.after?.linuxDefault}`)
      expect(one.edited.valueBefore, show(one)).toBe(`${one.before?.linux} ${one.before?.linuxDefault}`)
    }
  })

  test('everything that has nothing to do with the two variables stays byte for byte', () => {
    for (const one of cases) {
      filesAfter(one).forEach(({ text }, file) => {
        let at = 0
        for (const statement of one.set.noise[file] ?? []) {
          const found = text.indexOf(statement, at)
          expect(found, show(one)).toBeGreaterThanOrEqual(0)
          at = found + statement.length
        }
      })
    }
  })

  test('taking words back that were put behind others gives the original bytes', () => {
    let exact = 0
    for (const one of cases) {
      if (isRefusal(one.edited) || one.edited.edits.length !== 1) continue
      const [edit] = one.edited.edits
      const added = one.change.add.filter(
        (word, index, all) => !wordsOf(one.before).includes(word) && all.indexOf(word) === index,
      )
      if (!edit || added.length === 0 || one.change.remove.some((word) => wordsOf(one.before).includes(word))) continue
      if (edit.after.length - edit.before.length !== ` ${added.join(' ')}`.length) continue
      const back = editGrubDefaults(filesAfter(one), { add: [], remove: added })
      if (isRefusal(back)) throw new Error(show(one))
      expect(back.edits[0]?.after, show(one)).toBe(edit.before)
      exact++
    }
    expect(exact).toBeGreaterThan(SETS / 20)
  })

  test('it refuses what has to be refused, and little else', () => {
    const tally = new Map<string, { all: number; refused: number }>()
    for (const { set, edited } of cases) {
      const features = [...set.features]
      for (const key of features.length > 0 ? features : ['plain']) {
        const { all, refused } = tally.get(key) ?? { all: 0, refused: 0 }
        tally.set(key, { all: all + 1, refused: refused + Number(isRefusal(edited)) })
      }
    }
    if (process.env.LANEKEEPER_SHOW) showTally(tally)
    const share = (key: string) => (tally.get(key)?.refused ?? 0) / (tally.get(key)?.all ?? 1)
    expect(share('plain')).toBe(0)
    expect(share('mixed quotes')).toBeLessThan(0.45)
    expect(share('odd word')).toBeLessThan(0.45)
    expect(share('other variable')).toBeLessThan(0.6)
    for (const always of ['here-document', 'windows line end', 'plus-equals', 'exit', 'false', 'fixed, then set']) {
      expect(share(always), always).toBe(1)
    }
  })

  function showTally(tally: ReadonlyMap<string, { all: number; refused: number }>): void {
    const reasons = new Map<string, number>()
    for (const { edited } of cases) {
      if (!isRefusal(edited)) continue
      const reason = edited.refused
        .replace(/^.*?line \d+: /, '')
        .replace(/"[^"]*"/g, '"…"')
        .replace(/\bGRUB_\w+/g, 'VAR')
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
    }
    console.log([...tally].map(([key, { all, refused }]) => `${key}: ${refused}/${all}`).join('\n'))
    console.log([...reasons].map(([reason, number]) => `${number} ${reason}`).join('\n'))
  }
})
