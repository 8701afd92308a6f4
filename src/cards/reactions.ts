/** The two reactions that decide on a card, as people see them. */
export interface Reactions {
  readonly yes: string
  readonly no: string
}

/** What they are unless the configuration names others. */
export const REACTIONS: Reactions = { yes: '✅', no: '❌' }
