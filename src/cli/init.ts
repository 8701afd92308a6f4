import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { stringify } from 'yaml'
import { OperatorError } from '../errors.ts'

/** What somebody answered; everything else has a default that can be changed in the file. */
export interface Answers {
  readonly nodes: readonly {
    readonly name: string
    readonly host: string
    readonly user: string
    readonly key: string | null
  }[]
  readonly people: readonly string[]
  readonly approvers: readonly string[]
  readonly slack: boolean
  readonly discord: boolean
}

interface Asking {
  readonly file: string
  /** An answer, without blanks around it; empty = the default. */
  readonly ask: (question: string) => Promise<string>
  readonly say: (line: string) => void
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/

/** Asks what a first configuration needs and writes it, commented. A file that is there is left alone. Gives the names of the nodes. */
export async function init({ file, ask, say }: Asking): Promise<readonly string[]> {
  if (existsSync(file))
    throw new OperatorError('usage', `${file} is there already, and stays as it is`, {
      hint: 'edit it; or give --config the name of another file',
    })
  say('Enter takes what stands in brackets.')
  const nodes: Answers['nodes'][number][] = []
  for (;;) {
    const host = await ask(
      `Address of ${nodes.length ? 'another' : 'a'} Proxmox VE node${nodes.length ? ' [no more]' : ''}: `,
    )
    if (host === '' && nodes.length > 0) break
    if (host === '') continue
    const short = host.split('.')[0] ?? ''
    const name = await asked(
      `What is it called? [${fitting(short, nodes.length)}] `,
      fitting(short, nodes.length),
      isName,
    )
    const user = await asked('As which user? [root] ', 'root', (typed) => /^[a-z_][\w-]*$/.test(typed))
    const key = await asked(
      'With which private key? (agent = the ssh-agent) [~/.ssh/id_ed25519] ',
      '~/.ssh/id_ed25519',
      () => true,
    )
    nodes.push({ name, host, user, key: key === 'agent' ? null : key })
  }
  const people = await names('Who may sit at this terminal? [operator, approver] ', ['operator', 'approver'])
  const last = people.at(-1) ?? 'approver'
  const approvers = await names(`Who of them may approve a change? [${last}] `, [last], (one) => people.includes(one))
  const yes = async (question: string) => /^y(es)?$/i.test(await ask(question))
  const slack = await yes('Is it to join Slack? [y/N] ')
  const discord = await yes('Is it to join Discord? [y/N] ')
  await writeFile(file, configText({ nodes, people, approvers, slack, discord }), { flag: 'wx' })
  say(`${file} is written.`)
  return nodes.map(({ name }) => name)

  async function asked(question: string, otherwise: string, fits: (typed: string) => boolean): Promise<string> {
    for (;;) {
      const typed = (await ask(question)) || otherwise
      if (fits(typed)) return typed
      say(`That does not fit: ${typed}`)
    }
  }
  function isName(typed: string): boolean {
    return NAME.test(typed) && typed.toLowerCase() !== 'all' && !nodes.some(({ name }) => name === typed)
  }
  async function names(question: string, otherwise: readonly string[], fits = (_: string) => true) {
    const typed = await asked(
      question,
      otherwise.join(', '),
      (text) => split(text).length > 0 && split(text).every((one) => NAME.test(one) && fits(one)),
    )
    return split(typed)
  }
}

const split = (text: string): string[] => [...new Set(text.split(/[\s,]+/).filter(Boolean))]

/** A name for a node: its host name, or where that is an address, `node1`. */
const fitting = (short: string, before: number): string =>
  NAME.test(short) && !/^\d+$/.test(short) ? short : `node${before + 1}`

/** A name as YAML takes it for a text: `no` and `1.` are something else without quotes. */
const plain = (name: string): string => stringify(name).trim()

/** The configuration as a person would have written it. */
export const configText = ({
  nodes,
  people,
  approvers,
  slack,
  discord,
}: Answers): string => `# Lanekeeper. docs/configuration.md tells of every key; "lanekeeper doctor" checks what stands here.
nodes:
${nodes
  .map(
    ({ name, host, user, key }) =>
      `  ${plain(name)}: { host: ${JSON.stringify(host)}, user: ${user}, ${key === null ? 'agent: true' : `key: ${JSON.stringify(key)}`}${user === 'root' ? '' : ', sudo: true'} }   # watch: true notices guests that do not start`,
  )
  .join('\n')}
console:
  people: [${people.map(plain).join(', ')}]
policy:
  approvers: [${[...approvers.map((name) => `'console:${name}'`)].join(', ')}]   # ${slack ? "'slack:U0123456789', " : ''}${discord ? "'discord:345678901234567890', " : ''}an empty list is nobody
  quorum: 1               # approvals a change needs
  selfApproval: false     # the one who asks does not approve
  guests: refuse          # or shut-down: what happens to running guests
  # windows: ['Sat 22:00-04:00']   # when a node may be rebooted; without them at any time
${
  slack
    ? `slack:                    # the tokens stay in the environment: SLACK_BOT_TOKEN, SLACK_APP_TOKEN
  botTokenEnv: SLACK_BOT_TOKEN
  appTokenEnv: SLACK_APP_TOKEN
  # incidents: C0123456789
`
    : ''
}${
  discord
    ? `discord:                  # the token stays in the environment: DISCORD_TOKEN
  guild: '123456789012345678'      # the id of your server
  # incidents: '234567890123456789'
`
    : ''
}`

/** What to do next, in order. */
export const nextSteps = (
  nodes: readonly string[],
  { slack, discord }: Pick<Answers, 'slack' | 'discord'>,
): string[] => [
  ...(slack
    ? ['Slack: docs/slack-and-discord.md makes the app; put its tokens into SLACK_BOT_TOKEN and SLACK_APP_TOKEN.']
    : []),
  ...(discord
    ? [
        'Discord: docs/slack-and-discord.md makes the bot; correct the id under guild:, and put its token into DISCORD_TOKEN.',
      ]
    : []),
  'npm run lanekeeper -- doctor      checks everything, and says what to do',
  `npm run lanekeeper -- diagnose ${nodes[0] ?? '<node>'}      looks, and changes nothing`,
  'npm start      opens the chat',
]
