import { once } from 'node:events'
import { relative } from 'node:path'
import { parseArgs } from 'node:util'
import { type LabOptions, startLabNode } from './node.ts'

const usage = `npm run lab -- [--uefi] [--amd] [--rmrr] [--kernel debian|relax] [--cmdline "intel_iommu=off"] [--sabotage no-network|no-root|hang]

Starts a real node in QEMU and keeps it until Ctrl-C; the first start builds it (minutes). What it writes to its disk is thrown away.`

const { values } = parseArgs({
  options: {
    uefi: { type: 'boolean' },
    amd: { type: 'boolean' },
    rmrr: { type: 'boolean' },
    kernel: { type: 'string' },
    cmdline: { type: 'string' },
    sabotage: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
})

if (values.help) {
  console.log(usage)
} else {
  const node = await startLabNode(options())
  console.log(`
  ssh -i ${relative('', node.keyFile)} -p ${node.port} -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null root@${node.host}

  users   root, lk (sudo without password), nosudo
  serial  ${relative('', node.serialLog)}

nodes:
  pve-lab: { host: ${node.host}, port: ${node.port}, user: root, key: ${relative('', node.keyFile)} }

Ctrl-C turns it off.`)
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM'), node.off])
  await node.stop()
}

function options(): LabOptions {
  return {
    firmware: values.uefi ? 'uefi' : 'bios',
    vendor: values.amd ? 'amd' : 'intel',
    rmrr: values.rmrr ?? false,
    ...(values.cmdline ? { cmdline: values.cmdline } : {}),
    ...oneOf('kernel', 'defaultKernel', ['debian', 'relax'] as const),
    ...oneOf('sabotage', 'sabotage', ['no-network', 'no-root', 'hang'] as const),
    log: console.log,
  }
}

function oneOf<Name extends string, Word extends string>(
  flag: 'kernel' | 'sabotage',
  name: Name,
  words: readonly Word[],
) {
  const given = values[flag]
  if (given === undefined) return {}
  const word = words.find((candidate) => candidate === given)
  if (!word) throw new Error(`--${flag} is one of ${words.join(', ')}\n\n${usage}`)
  return { [name]: word } as Record<Name, Word>
}
