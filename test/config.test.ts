import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readConfig } from '../src/config.ts'
import { OperatorError } from '../src/errors.ts'

function folder(yaml?: string): string {
  const cwd = mkdtempSync(join(tmpdir(), 'lanekeeper-'))
  mkdirSync(join(cwd, '.ssh'))
  writeFileSync(join(cwd, '.ssh/id'), 'a key')
  if (yaml !== undefined) writeFileSync(join(cwd, 'lanekeeper.yaml'), yaml)
  return cwd
}

const read = (yaml: string, env: Record<string, string> = {}) => {
  const cwd = folder(yaml)
  return readConfig({ env: { HOME: cwd, ...env }, cwd })
}

function troubleOf(yaml: string, env?: Record<string, string>): string {
  try {
    read(yaml, env)
  } catch (error) {
    if (error instanceof OperatorError && error.code === 'config-invalid') return error.message
    throw error
  }
  return 'no trouble'
}

const GOOD = `# the cluster
nodes:
  node3: { host: 10.0.0.3, key: ~/.ssh/id, passphraseEnv: PHRASE, jump: gate, sudo: true, user: lane }
  node4:
    host: 10.0.0.4
    agent: true
jumps:
  gate: { host: gate.example.org, port: 2222, key: .ssh/id }
console: { people: [ann, bob] }
policy:
  approvers: [ 'console:bob', 'slack:U1' ]
  quorum: 2
`

test('a whole configuration is finished in one go', () => {
  const config = read(GOOD, { PHRASE: 'secret', SSH_AUTH_SOCK: '/run/agent', NO_COLOR: '1', LANEKEEPER_LOG: 'debug' })
  expect(config).toMatchObject({ demo: false, logLevel: 'debug', colour: false })
  expect(config.nodes.node3).toEqual({
    host: '10.0.0.3',
    port: 22,
    user: 'lane',
    sudo: true,
    keyFile: expect.stringMatching(/^\/.*\/\.ssh\/id$/),
    passphrase: 'secret',
    jump: { host: 'gate.example.org', port: 2222, user: 'root', keyFile: expect.stringMatching(/^\/.*\/\.ssh\/id$/) },
  })
  expect(config.nodes.node4).toMatchObject({ user: 'root', agent: '/run/agent', sudo: false })
  expect(config.console).toEqual({ people: ['ann', 'bob'], channel: 'ops', incidents: 'incidents' })
  expect(config.policy).toMatchObject({ approvers: ['console:bob', 'slack:U1'], quorum: 2, guardDeadline: 900 })
  expect(config.data).toMatch(/^\/.*data\/state$/)
})

test('without any configuration it is a demonstration with short times', () => {
  const config = readConfig({ env: {}, cwd: folder() })
  expect(config).toMatchObject({ demo: true, file: null, nodes: {}, console: { people: ['operator', 'approver'] } })
  expect(config.policy).toMatchObject({
    approvers: ['console:approver'],
    guardDeadline: 30,
    stability: 3,
    settle: 15,
    rebootDeadline: 60,
    cardExpires: 86_400,
  })
})

test('the file may be named, and then it has to be there', () => {
  const cwd = folder()
  expect(() => readConfig({ path: 'other.yaml', env: {}, cwd })).toThrow(/other\.yaml cannot be read/)
  expect(() => readConfig({ env: { LANEKEEPER_CONFIG: '/nowhere.yaml' }, cwd })).toThrow('/nowhere.yaml')
  writeFileSync(join(cwd, 'other.yaml'), 'nodes: {}\npolicy: { approvers: ["slack:U1"] }\n')
  expect(readConfig({ path: 'other.yaml', env: {}, cwd }).demo).toBe(false)
})

const POLICY = 'policy: { approvers: ["slack:U1"] }\n'

describe('every problem names line, key, what was expected, what came', () => {
  test.each([
    [
      'a typo in a key',
      `nodes:\n  n1:\n    host: h\n    agent: true\n    prot: 22\n${POLICY}`,
      'line 5: nodes.n1.prot: this key is not known; did you mean port?',
    ],
    ['a typo at the top', `nods: {}\nnodes: {}\n${POLICY}`, 'line 1: nods: this key is not known; did you mean nodes?'],
    [
      'a typo in the policy',
      'nodes: {}\npolicy:\n  approvers: [x]\n  quorrum: 2\n',
      'line 4: policy.quorrum: this key is not known; did you mean quorum?',
    ],
    [
      'an unknown key like no other',
      `nodes: {}\nzebra: 1\n${POLICY}`,
      'line 2: zebra: this key is not known; known here: nodes, jumps, watching, http, console, reactions, slack, discord, web, policy, data',
    ],
    [
      'a word for a number',
      `nodes:\n  n1: { host: h, agent: true, port: ssh }\n${POLICY}`,
      'line 2: nodes.n1.port: expected number, got "ssh"',
    ],
    [
      'a missing host',
      `nodes:\n  n1:\n    agent: true\n${POLICY}`,
      'line 2: nodes.n1.host: expected string, got nothing',
    ],
    ['no nodes', POLICY, 'line 1: nodes: expected keys and values, got nothing'],
    [
      'a port out of range',
      `nodes:\n  n1: { host: h, agent: true, port: 99999 }\n${POLICY}`,
      'line 2: nodes.n1.port: ',
    ],
    ['broken YAML', `nodes:\n  n1: { host: h\n${POLICY}`, 'line 3: '],
    ['a key given twice', `nodes: {}\n${POLICY}nodes: {}\n`, 'line 3: '],
    [
      'no way in',
      `nodes:\n  n1:\n    host: h\n${POLICY}`,
      'line 2: nodes.n1: give key: (a private key file) or agent: true',
    ],
    [
      'a key file that is missing',
      `nodes:\n  n1:\n    host: h\n    key: ~/nokey\n${POLICY}`,
      /line 4: nodes\.n1\.key: the key file \/.*\/nokey is missing/,
    ],
    [
      'a passphrase that is not set',
      `nodes:\n  n1: { host: h, key: .ssh/id, passphraseEnv: NOPE }\n${POLICY}`,
      'line 2: nodes.n1.passphraseEnv: the environment variable NOPE is not set',
    ],
    [
      'an agent that is not there',
      `nodes:\n  n1: { host: h, agent: true }\n${POLICY}`,
      'line 2: nodes.n1.agent: SSH_AUTH_SOCK is not set',
    ],
    [
      'an unknown jump host',
      `nodes:\n  n1: { host: h, key: .ssh/id, jump: gatw }\njumps:\n  gate: { host: g, key: .ssh/id }\n${POLICY}`,
      'line 2: nodes.n1.jump: there is no jump host "gatw"; did you mean gate?',
    ],
    ['a name that is none', `nodes:\n  "a b": { host: h, key: .ssh/id }\n${POLICY}`, 'line 2: nodes.a b: '],
  ])('%s', (_, yaml, says) => {
    const trouble = troubleOf(yaml)
    if (typeof says === 'string') expect(trouble).toContain(says)
    else expect(trouble).toMatch(says)
  })

  test('all of them at once', () => {
    const trouble = troubleOf('nodes:\n  n1: { hots: h }\n  n2: { host: 7 }\npolicy: { approvers: [] }\n')
    for (const line of [
      'line 2: nodes.n1.hots',
      'line 2: nodes.n1.host',
      'line 3: nodes.n2.host',
      'line 4: policy.approvers',
    ])
      expect(trouble).toContain(line)
  })
})

describe('a configuration in which nobody could approve is refused, with what to do', () => {
  test.each([
    ['no policy', 'nodes: {}\n', 'an empty approver list means that nobody can approve: name at least one id'],
    ['no approvers', 'nodes: {}\npolicy: { quorum: 1 }\n', 'nobody can approve'],
    ['an empty list', 'nodes: {}\npolicy:\n  approvers: []\n', 'line 3: policy.approvers: an empty approver list'],
    [
      'a stranger',
      "nodes: {}\nconsole: { people: [ann, bob] }\npolicy:\n  approvers:\n    - 'console:bop'\n",
      'line 5: policy.approvers.0: nobody under console.people is called "bop"; did you mean bob?',
    ],
    [
      'a quorum that cannot be reached',
      'nodes: {}\npolicy:\n  approvers: [x]\n  quorum: 2\n',
      'line 4: policy.quorum: 2 approvals are wanted, but only 1 may approve',
    ],
    [
      'a group without its id',
      'nodes: {}\npolicy:\n  approvers: ["slack:group:oncall"]\n',
      '"slack:group:oncall" is nobody',
    ],
    [
      'an operator who is nobody',
      'nodes: {}\npolicy:\n  approvers: ["slack:U1"]\n  operators: ["discord:ops"]\n',
      'policy.operators.0: "discord:ops" is nobody',
    ],
    [
      'an approver who is nobody',
      'nodes: {}\npolicy:\n  approvers: [bob]\n',
      '"bob" is nobody: expected an id: console:<name>',
    ],
    [
      'a guard that comes before the check is over',
      'nodes: {}\npolicy:\n  approvers: [x]\n  guardDeadline: 60\n',
      'line 4: policy.guardDeadline: the guard would go back after 60 s',
    ],
  ])('%s', (_, yaml, says) => expect(troubleOf(yaml)).toContain(says))
})

test('secrets do not reach the words of an error', () => {
  expect(
    troubleOf(
      'nodes:\n  n1: { host: h, key: .ssh/id, passphraseEnv: P, prot: 1 }\npolicy: { approvers: ["slack:U1"] }\n',
      {
        P: 'hunter2',
      },
    ),
  ).not.toContain('hunter2')
})

describe('the chats on platforms', () => {
  const policy = 'policy:\n  approvers: [slack:U1]\n'
  test('get their tokens from the environment, by the names that stand in the file', () => {
    const config = read(
      `nodes: {}\nslack: { appTokenEnv: APP, incidents: C1 }\ndiscord: { guild: '12345', incidents: '67890' }\n${policy}`,
      { SLACK_BOT_TOKEN: 'xoxb-1', APP: 'xapp-1', DISCORD_TOKEN: 'd-1' },
    )
    expect(config.slack).toEqual({ botToken: 'xoxb-1', entrance: { appToken: 'xapp-1' }, incidents: 'C1' })
    expect(config.discord).toEqual({ token: 'd-1', guild: '12345', incidents: '67890' })
  })
  test('over HTTP, Slack is listened to on this machine alone, unless the file says otherwise', () => {
    const env = { SLACK_BOT_TOKEN: 'xoxb-1', SIGN: 's' }
    const entrance = (more: string) =>
      read(`nodes: {}\nslack: { signingSecretEnv: SIGN${more} }\n${policy}`, env).slack?.entrance
    expect(entrance('')).toEqual({ signingSecret: 's', host: '127.0.0.1', port: 3000 })
    expect(entrance(', host: 0.0.0.0, port: 8080')).toEqual({ signingSecret: 's', host: '0.0.0.0', port: 8080 })
  })
  test.each([
    ['', { yes: '✅', no: '❌' }],
    ['reactions: { yes: 👍 }\n', { yes: '👍', no: '❌' }],
    ['reactions: { yes: "🟢", no: "🛑" }\n', { yes: '🟢', no: '🛑' }],
  ])('%j: the reactions that decide, in every chat', (yaml, reactions) =>
    expect(read(`nodes: {}\n${yaml}${policy}`).reactions).toEqual(reactions),
  )
  test('are absent where the file says nothing of them', () => {
    expect(read(`nodes: {}\n${policy}`)).toMatchObject({ slack: null, discord: null })
  })
  test.each([
    [
      'a variable that is not set',
      'slack: {}',
      'line 2: slack.botTokenEnv: the environment variable SLACK_BOT_TOKEN is not set',
    ],
    [
      'a token in place of a variable',
      'discord: { tokenEnv: abc.def, guild: "12345" }',
      'expected the name of an environment variable',
    ],
    [
      'both ways into Slack',
      'slack: { appTokenEnv: A, signingSecretEnv: B }',
      'Socket Mode) or signingSecretEnv (HTTP), not both',
    ],
    ['a server by its name', 'discord: { guild: home }', 'expected the id of the server'],
    ['an emoji without a name in Slack', 'reactions: { yes: 🐢 }', 'line 2: reactions.yes: expected one of ✅ 👍'],
    ['a no that reads as a yes', 'reactions: { no: 👍 }', 'reactions.no: expected one of ❌ 👎'],
    ['the same twice', 'reactions: { yes: 👍, no: 👍 }', 'reactions.no: expected one of ❌ 👎'],
    ['a word', 'reactions: { yes: thumbsup }', 'reactions.yes: expected one of ✅'],
  ])('%s is told', (_, yaml, says) => {
    expect(troubleOf(`nodes: {}\n${yaml}\n${policy}`)).toContain(says)
  })
})

test('people of the web page come with their tokens, which are long enough and in the environment', () => {
  const web = (more = '') => `${GOOD}web: { people: { carl: CARL_TOKEN }, port: 0 }\n${more}`
  const env = { PHRASE: 'secret', SSH_AUTH_SOCK: '/run/agent' }
  const good = web().replace("'slack:U1'", "'web:carl'")
  expect(read(good, { ...env, CARL_TOKEN: 'x'.repeat(32) }).web).toMatchObject({
    host: '127.0.0.1',
    open: false,
    people: [{ name: 'carl', token: 'x'.repeat(32) }],
  })
  expect(troubleOf(good, env)).toContain('the environment variable CARL_TOKEN is not set')
  expect(troubleOf(good, { ...env, CARL_TOKEN: 'short' })).toMatch(
    /line \d+: web.people.carl: the token in CARL_TOKEN is too short/,
  )
  expect(troubleOf(web().replace("'slack:U1'", "'web:karl'"), { ...env, CARL_TOKEN: 'x'.repeat(32) })).toMatch(
    /web.people is called "karl"; did you mean carl/,
  )
})

test('DATABASE_URL is taken when it is the address of a PostgreSQL, refused when it is not, and never shown', () => {
  const withDatabase = (url: string) => ({ PHRASE: 'secret', SSH_AUTH_SOCK: '/run/agent', DATABASE_URL: url })
  expect(read(GOOD, withDatabase('postgres://bot:s3cret@db:5432/lanekeeper')).databaseUrl).toContain('@db:5432')
  expect(read(GOOD, withDatabase('')).databaseUrl).toBeNull()
  for (const wrong of ['mysql://bot:s3cret@db/x', 'db:5432', 'postgres://bot:s3cret@:x'])
    expect(troubleOf(GOOD, withDatabase(wrong))).toBe('DATABASE_URL is not the address of a PostgreSQL database')
})
