import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { commands } from '../../commands/index.ts'
import { parseLine } from '../../src/chat/parse.ts'

const files = readdirSync(new URL('../../commands', import.meta.url)).map((file) => file.replace(/\.ts$/, ''))

test('every command file is listed, once', () =>
  expect(commands.map(({ name }) => name).toSorted()).toEqual(files.filter((file) => file !== 'index').toSorted()))

describe.each(commands.map((command) => [command.name, command] as const))('%s', (name, command) => {
  test('declares an example that it understands itself', () => {
    const { name: typed, words } = parseLine(`/pcie ${command.example}`)
    expect(typed).toBe(name)
    expect(command.args.safeParse(words).error).toBeUndefined()
  })
  test('says what it does, without a full stop', () => expect(command.summary).toMatch(/^[A-Z].*[^.]$/))
  test('refuses more words than it knows', () =>
    expect(command.args.safeParse(['a', 'b', 'c', 'd']).error?.issues[0]?.message).toMatch(/expected .* got/))
})
