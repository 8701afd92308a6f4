import { Command } from 'commander'
import { nodeNamed } from '../chat/words.ts'
import { type Config, readConfig } from '../config.ts'
import { hostKeysOf, wholeConfig } from '../reach.ts'
import { visit } from '../think.ts'
import { auditIsWhole } from './audit.ts'
import { begin } from './begin.ts'
import { doctor } from './doctor.ts'
import { grant } from './grant.ts'
import { record } from './record.ts'
import { formOf, printDiagnosis, replay, targetOf } from './report.ts'
import { printRules } from './rules.ts'
import { serveHere, withNodes } from './serve.ts'
import { drawTopology, type Pictures, printTopology } from './topology.ts'
import { askAtTerminal, trust } from './trust.ts'

interface Flags extends Pictures {
  config?: string
  json?: boolean
  markdown?: boolean
  html?: boolean
  target?: string
  events?: boolean
  yes?: boolean
}

/** All that can be typed behind `lanekeeper`. `finish` gets the exit status. */
export function createProgram(env: NodeJS.ProcessEnv, cwd: string, finish: (status: number) => void): Command {
  const configOf = ({ config }: Flags, more: NodeJS.ProcessEnv = {}): Config =>
    readConfig({ ...(config !== undefined && { path: config }), env: { ...more, ...env }, cwd })
  const colour = !env.NO_COLOR
  const now = () => new Date()
  const say = (line: string) => void process.stdout.write(`${line}\n`)
  const program = new Command('lanekeeper')
    .description(
      'Says why PCIe passthrough fails on Proxmox VE nodes, and cures it: one approved trial boot at a time.',
    )
    .showHelpAfterError('(lanekeeper --help shows what there is)')
    .exitOverride()
  const command = (usage: string, summary: string) => {
    const one = program.command(usage).description(summary)
    return one.exitOverride()
  }
  const withConfig = (one: Command) =>
    one.option('--config <file>', 'the configuration (default: lanekeeper.yaml; none: simulated nodes)')
  const withPictures = (one: Command) =>
    one
      .option('--png <file>', 'draw the topology into a file')
      .option('--svg <file>', 'the same, to be scaled and searched')

  withConfig(command('serve', 'run the bot, with the chat in this terminal'))
    .option('--events', 'speak JSON lines with a program instead of a person')
    .action((flags: Flags) => serveHere(configOf(flags), flags.events ?? false))

  withConfig(command('diagnose <node>', 'look at a node once'))
    .option('--target <target>', 'one guest or device: vm:101, device:01:00.0')
    .option('--json', 'print one JSON object')
    .option('--markdown', 'print it for a ticket or a wiki')
    .option('--html', 'print it as a page of its own')
    .action(async (node: string, flags: Flags) => {
      const target = targetOf(flags.target)
      const diagnosis = await withNodes(configOf(flags), ({ transport, nodes }) =>
        visit(transport, nodeNamed(nodes, node).name, { target }, { now }),
      )
      finish(printDiagnosis(diagnosis, { form: formOf(flags), colour }))
    })

  withPictures(
    withConfig(command('topology <node>', 'show the PCI devices of a node: bridges, groups, drivers, owners')),
  )
    .option('--target <target>', 'one guest or device: vm:101, device:01:00.0')
    .action(async (node: string, flags: Flags) => {
      const target = targetOf(flags.target)
      const { topology } = await withNodes(configOf(flags), ({ transport, nodes }) =>
        visit(transport, nodeNamed(nodes, node).name, { target }, { now }),
      )
      printTopology(topology, colour)
      await drawTopology(topology, flags)
    })

  withConfig(command('record <node> [folder]', 'write what the probes of a node print into a folder, masked')).action(
    async (node: string, folder: string | undefined, flags: Flags) => {
      const where = await withNodes(configOf(flags), ({ transport, nodes }) =>
        record(transport, nodeNamed(nodes, node).name, folder, now),
      )
      say(
        `${where}\nSerials, UUIDs, MAC and public addresses are masked; look through it before you send it to anybody.`,
      )
    },
  )

  withPictures(command('replay <folder>', 'read such a folder again: the report, without a network'))
    .option('--target <target>', 'one guest or device: vm:101, device:01:00.0')
    .option('--json', 'print one JSON object')
    .option('--markdown', 'print it for a ticket or a wiki')
    .option('--html', 'print it as a page of its own')
    .action(async (folder: string, flags: Flags) => {
      const diagnosis = await replay(folder, targetOf(flags.target))
      const status = printDiagnosis(diagnosis, { form: formOf(flags), colour })
      await drawTopology(diagnosis.topology, flags)
      finish(status)
    })

  command('rules [id]', 'list what is looked for, or explain one of it')
    .option('--guide', 'print the rows of the guide and the findings that answer them, as Markdown')
    .option('--markdown', 'print the page docs/findings.md')
    .action((id: string | undefined, form: { guide?: boolean; markdown?: boolean }) => printRules(id, form, colour))

  withConfig(
    command('doctor', 'check what the bot stands on: configuration, data folder, nodes, clocks, Slack, Discord'),
  ).action(async (flags: Flags) => finish(await doctor(configOf(flags), { now, say })))

  withConfig(command('trust <node>', 'show the host key of a node, ask, and pin it'))
    .option('--yes', 'do not ask')
    .action(async (node: string, flags: Flags) => {
      const config = await wholeConfig(configOf(flags))
      return trust(config, node, hostKeysOf(config), { yes: flags.yes ?? false, say, ask: askAtTerminal })
    })

  withConfig(command('init', 'ask what is needed, write a configuration, and trust its nodes')).action((flags: Flags) =>
    begin(flags.config ?? 'lanekeeper.yaml', configOf, say),
  )

  withConfig(command('grant <node>', 'make two keys for a node: one that may only look, one that may change')).action(
    (node: string, flags: Flags) => grant(configOf(flags), node, say),
  )

  const audit = command('audit', 'the audit log')
  withConfig(
    audit.command('verify').description('check that no line was changed, removed or added').exitOverride(),
  ).action(async (flags: Flags) => {
    finish((await auditIsWhole(configOf(flags), now, say)) ? 0 : 1)
  })
  return program
}
