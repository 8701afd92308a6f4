import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export type Firmware = 'bios' | 'uefi'
export type Vendor = 'intel' | 'amd'
export type Sabotage = 'no-network' | 'no-root' | 'hang'

/** What one node is made of. */
export interface Hardware {
  vendor: Vendor
  disk: string
  /** The UEFI variables; without, the node has a BIOS. */
  variables?: string | undefined
  port: number
  serialLog: string
  sabotage?: Sabotage | undefined
  /** What the hardware clock reads when the machine is switched on, in its UTC fields. */
  clock: Date
}

// Emulation only: KVM hangs on the machines this was made on.
const board = [
  ...['-accel', 'tcg,thread=multi', '-M', 'q35,kernel-irqchip=split', '-smp', '1'],
  ...['-m', '1024', '-display', 'none', '-no-user-config', '-no-reboot'],
]
// A CPU of the IOMMU's vendor. The model number makes the kernel believe that it is not affected by Meltdown, whose mitigation
// costs an emulated machine a third of its speed.
const VENDORS = {
  intel: { cpu: 'IvyBridge,model=28', iommu: 'intel-iommu,intremap=on,caching-mode=on' },
  amd: { cpu: 'EPYC', iommu: 'amd-iommu,intremap=on' },
}
const ovmf = '/usr/share/OVMF/OVMF_CODE_4M.fd'

/** A file with UEFI variables as the factory leaves them. */
export const factoryVariables = '/usr/share/OVMF/OVMF_VARS_4M.fd'

/** A lab node: IOMMU, disk, NIC behind a forwarded SSH port, a spare NIC at 00:04.0, a USB controller behind a port. */
export function nodeArguments({ vendor, disk, variables, port, serialLog, sabotage, clock }: Hardware): string[] {
  const flash = `if=pflash,format=raw,file=${variables}`
  return [
    ...board,
    ...['-cpu', VENDORS[vendor].cpu],
    ...['-rtc', `base=${clock.toISOString().slice(0, 19)}`],
    ...(variables ? ['-drive', `if=pflash,format=raw,readonly=on,file=${ovmf}`, '-drive', flash] : []),
    ...['-netdev', `user,id=net,hostfwd=tcp:127.0.0.1:${port}-:22`],
    ...['-device', 'virtio-net-pci,netdev=net,addr=02.0,romfile='],
    ...['-drive', `id=disk,if=none,format=qcow2,cache=unsafe,file=${disk}`],
    ...['-device', 'virtio-blk-pci,drive=disk,addr=03.0,bootindex=0'],
    ...['-device', 'e1000e,addr=04.0,romfile='],
    ...['-device', 'pcie-root-port,id=slot5,addr=05.0,chassis=1', '-device', 'qemu-xhci,bus=slot5'],
    // Last: AMD's is a PCI device itself, and takes a slot that is free.
    ...['-device', VENDORS[vendor].iommu],
    ...['-chardev', `file,id=log,append=on,path=${serialLog}`, '-serial', 'chardev:log'],
    ...(sabotage ? ['-smbios', `type=3,asset=${sabotage}`] : []),
  ]
}

/** Boots the throw-away guest that lays out disk.qcow2 of a folder from its root.ext4; throws unless it says it got to the end. */
export async function runInstaller(folder: string): Promise<void> {
  const serialLog = join(folder, 'install.log')
  const guest = runQemu([
    ...board,
    ...['-cpu', VENDORS.intel.cpu],
    ...['-kernel', join(folder, 'vmlinuz'), '-initrd', join(folder, 'initrd.img')],
    ...['-append', 'root=/dev/vda ro init=/lab-install.sh console=ttyS0 panic=-1 mitigations=off no_timer_check'],
    ...['-drive', `if=virtio,format=raw,snapshot=on,file=${join(folder, 'root.ext4')}`],
    ...['-drive', `if=virtio,format=qcow2,cache=unsafe,file=${join(folder, 'disk.qcow2')}`],
    ...['-nic', 'none', '-serial', `file:${serialLog}`],
  ])
  await guest.ended
  const said = await readFile(serialLog, 'utf8')
  if (!said.includes('LAB-INSTALLED')) throw new Error(`the installation failed:\n${said.slice(-3000)}`)
}

/** One QEMU process. It dies with the process that started it (`setpriv --pdeathsig`). */
export interface Qemu {
  /** How it ended: the guest reset the machine, or anything else. Rejects when QEMU itself failed. */
  ended: Promise<'reset' | 'off'>
  /** What the monitor answers to a command for people, such as `info registers`. */
  ask(command: string): Promise<string>
  /** Ends it; by force where it does not listen any more. */
  quit(): void
  kill(): void
}

/** Starts QEMU with its monitor (QMP) on standard input and output. */
export function runQemu(args: string[]): Qemu {
  const command = ['--pdeathsig', 'KILL', 'qemu-system-x86_64', ...args, '-qmp', 'stdio']
  const child = spawn('setpriv', command)
  let said = ''
  let reset = false
  child.stderr.on('data', (data) => {
    said += data
  })
  const answers: ((line: string) => void)[] = []
  createInterface(child.stdout).on('line', (line) => {
    if (line.startsWith('{"return"')) answers.shift()?.(line)
    if (line.includes('"SHUTDOWN"')) reset = line.includes('"guest-reset"') || line.includes('"guest-panic"')
  })
  child.stdin.on('error', () => {})
  const send = (command: object) => {
    const { promise, resolve } = Promise.withResolvers<string>()
    answers.push(resolve)
    child.stdin.write(`${JSON.stringify(command)}\n`)
    return promise
  }
  void send({ execute: 'qmp_capabilities' })
  const ended = once(child, 'close').then(([code, signal]): 'reset' | 'off' => {
    if (code !== 0 && !child.killed) throw new Error(`QEMU ended with ${code ?? signal}: ${said}`)
    return reset ? 'reset' : 'off'
  })
  ended.catch(() => {})
  return {
    ended,
    ask: (line) => send({ execute: 'human-monitor-command', arguments: { 'command-line': line } }),
    quit: () => {
      void send({ execute: 'quit' })
      setTimeout(() => child.kill('SIGKILL'), 20_000).unref()
    },
    kill: () => void child.kill('SIGKILL'),
  }
}
