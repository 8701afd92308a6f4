import type { Change } from '../changes/change.ts'

export type Tone = 'ok' | 'info' | 'warn' | 'danger'

/** A piece of a card. Text is plain: markup, escaping and limits belong to the renderer of each platform. */
export type Block =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'heading'; readonly text: string }
  | { readonly type: 'fields'; readonly fields: readonly (readonly [label: string, value: string])[] }
  | { readonly type: 'list'; readonly items: readonly string[] }
  /** Fixed width: output of a node, a command to type. */
  | { readonly type: 'code'; readonly text: string }
  /** Lines that begin with `-`, `+` or a space. */
  | { readonly type: 'diff'; readonly lines: readonly string[] }

/** A message as plain data. `asks: 'approval'` = reactions on it decide the change, whose digest it shows. */
export interface Card {
  readonly title: string
  readonly tone: Tone
  readonly blocks: readonly Block[]
  readonly change?: { readonly id: string; readonly state: Change['state']; readonly digest: string }
  readonly asks?: 'approval'
  /** Whom the message calls, once, when it is posted: ids of people or groups (`slack:U0123`, `discord:role:1234`). Never from a node's output. */
  readonly calls?: readonly string[]
}
