import { isNode, LineCounter, parseDocument } from 'yaml'
import { z } from 'zod'
import { didYouMean } from '../chat/nearest.ts'

type Path = readonly PropertyKey[]

/** A YAML file that can be asked where something stands in it. */
export interface ConfigFile {
  readonly value: unknown
  /** Syntax errors, with their lines. */
  readonly problems: readonly string[]
  /** `line 4: nodes.node3.port: …` */
  at(path: Path, says: string): string
}

/** Reads the text; the value is whatever the syntax still gives. */
export function readConfigFile(text: string): ConfigFile {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true })
  const lineAt = (path: Path): number => {
    for (let length = path.length; length > 0; length--) {
      const offset = offsetOf(document.contents, path.slice(0, length))
      if (offset !== undefined) return lines.linePos(offset).line
    }
    return 1
  }
  return {
    value: document.errors.length ? undefined : (document.toJS() ?? {}),
    problems: document.errors.map(({ pos, message }) => `line ${lines.linePos(pos[0]).line}: ${message}`),
    at: (path, says) => `line ${lineAt(path)}: ${path.length ? `${path.join('.')}: ` : ''}${says}`,
  }
}

/** Where the last key of the path stands, or the entry itself in a list. */
function offsetOf(contents: unknown, path: Path): number | undefined {
  let [node, offset]: [unknown, number | undefined] = [contents, undefined]
  for (const step of path) {
    if (!isNode(node) || !('items' in node)) return undefined
    const items: readonly unknown[] = node.items
    const pair = items.find(
      (item): item is { key: { value: unknown; range?: number[] }; value: unknown } =>
        typeof item === 'object' &&
        item !== null &&
        'key' in item &&
        String((item.key as { value: unknown }).value) === String(step),
    )
    const entry = pair ? pair.value : items[Number(step)]
    offset = pair ? pair.key.range?.[0] : isNode(entry) ? entry.range?.[0] : undefined
    if (offset === undefined) return undefined
    node = entry
  }
  return offset
}

/** What a schema has against the file: line, key, what was expected, what came, and the nearest known key for a typo. */
export function configProblems(file: ConfigFile, error: z.ZodError, schema: z.ZodType): string[] {
  return error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      const known = keysAt(schema, issue.path)
      return issue.keys.map((key) =>
        file.at(
          [...issue.path, key],
          `this key is not known; ${didYouMean(key, known) ?? `known here: ${known.join(', ')}`}`,
        ),
      )
    }
    const got = valueAt(file.value, issue.path)
    const says =
      issue.code === 'invalid_type'
        ? `expected ${issue.expected === 'record' || issue.expected === 'object' ? 'keys and values' : issue.expected}`
        : issue.message
    return [file.at(issue.path, `${says}, got ${got === undefined ? 'nothing' : JSON.stringify(got)}`)]
  })
}

const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (one, key) => (typeof one === 'object' && one !== null ? (one as Record<PropertyKey, unknown>)[key] : undefined),
    value,
  )

/** The keys that a schema knows at a path. */
function keysAt(schema: z.core.$ZodType, path: Path): string[] {
  const bare = unwrapped(schema)
  const [key, ...rest] = path
  if (bare instanceof z.ZodObject) {
    if (key === undefined) return Object.keys(bare.shape)
    const inner: z.core.$ZodType | undefined = bare.shape[String(key)]
    return inner ? keysAt(inner, rest) : []
  }
  if (bare instanceof z.ZodRecord && key !== undefined) return keysAt(bare.valueType, rest)
  return []
}

const unwrapped = (schema: z.core.$ZodType): z.core.$ZodType =>
  schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault
    ? unwrapped(schema.def.innerType)
    : schema
