import { expect, test } from 'vitest'
import { readShellFile } from '../../src/diagnosis/shell-file.ts'

const words = (text: string) => readShellFile(text).statements.map((statement) => statement.map(({ raw }) => raw))

test.each([
  ['A=1\nB="x y" # note\n', [['A=1'], ['B="x y"']]],
  ['A=\'it is "so"\'; B=2', [['A=\'it is "so"\''], ['B=2']]],
  ['A=`x y || z`\n', [['A=`x y || z`']]],
  ['A=$( . /etc/os-release; echo $(x) )\nB=1', [['A=$( . /etc/os-release; echo $(x) )'], ['B=1']]],
  ['A="a \\"b\\" c"\n', [['A="a \\"b\\" c"']]],
  ['A=a \\\n  B=b\n', [['A=a', 'B=b']]],
  ["# it's nothing\n", []],
])('%j is split as dash does', (text, statements) => expect(words(text)).toEqual(statements))

test('says where a quote opens that nobody closes', () => {
  expect(readShellFile('A=1\nB="x\n').unclosed).toEqual({ quote: '"', line: 2 })
  expect(readShellFile('A="x\ny" B=\'\n').unclosed).toEqual({ quote: "'", line: 2 })
  expect(readShellFile('A="1"\n').unclosed).toBeNull()
})
