import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

export type Firmware = 'bios' | 'uefi'
export type Sabotage = 'no-network' | 'no-root'

/** One machine to power on. With `keep` what it writes stays on its disk; without, it is gone with the machine. */
export interface Machine {
  disk: string
  keep: boolean
  firmware: Firmware
  port: number
  serialLog: string
  sabotage?: Sabotage | undefined
}

/** A machine that is on. */
export interface PoweredOn {
  pid: number
  off: Promise<void>
  reset(): void
  quit(): Promise<void>
  kill(): Promise<void>
}

// Emulation only: KVM hangs on the machines this was made on. A CPU of the IOMMU's vendor; its model number makes the kernel
// believe that it is not affected by Meltdown, whose mitigation costs an emulated machine a third of its speed.
const hardware = [
  ...[
    '-accel',
    'tcg,thread=multi',
    '-M',
    'q35,kernel-irqchip=split',
    '-cpu',
    'IvyBridge,model=28',
    '-smp',
    '2',
    '-m',
    '1024',
  ],
  ...['-display', 'none', '-rtc', 'base=utc', '-no-user-config'],
]

/** Powers on a lab node: Intel IOMMU, disk, NIC behind a forwarded SSH port, a spare NIC at 00:04.0, a USB controller behind a port. */
export function powerOn(machine: Machine): PoweredOn {
  const { disk, keep, firmware, port, serialLog, sabotage } = machine
  return start([
    ...hardware,
    ...['-device', 'intel-iommu,intremap=on,caching-mode=on'],
    ...(firmware === 'uefi' ? ovmf : []),
    ...['-netdev', `user,id=net,hostfwd=tcp:127.0.0.1:${port}-:22`],
    ...['-device', 'virtio-net-pci,netdev=net,addr=02.0,romfile='],
    ...['-drive', `id=disk,if=none,format=qcow2,cache=unsafe,snapshot=${keep ? 'off' : 'on'},file=${disk}`],
    ...['-device', 'virtio-blk-pci,drive=disk,addr=03.0,bootindex=0'],
    ...['-device', 'e1000e,addr=04.0,romfile='],
    ...['-device', 'pcie-root-port,id=slot5,addr=05.0,chassis=1', '-device', 'qemu-xhci,bus=slot5'],
    ...['-serial', `file:${serialLog}`],
    ...(sabotage ? ['-smbios', `type=3,asset=${sabotage}`] : []),
  ])
}

/** Boots the throw-away guest that lays out disk.qcow2 of a folder from its root.ext4; throws unless it says it got to the end. */
export async function runInstaller(folder: string): Promise<void> {
  const serialLog = join(folder, 'install.log')
  const guest = start([
    ...hardware,
    ...['-kernel', join(folder, 'vmlinuz'), '-initrd', join(folder, 'initrd.img'), '-no-reboot'],
    ...['-append', 'root=/dev/vda ro init=/lab-install.sh console=ttyS0 panic=-1 mitigations=off no_timer_check'],
    ...['-drive', `if=virtio,format=raw,snapshot=on,file=${join(folder, 'root.ext4')}`],
    ...['-drive', `if=virtio,format=qcow2,cache=unsafe,file=${join(folder, 'disk.qcow2')}`],
    ...['-nic', 'none', '-serial', `file:${serialLog}`],
  ])
  await guest.off
  const said = await readFile(serialLog, 'utf8')
  if (!said.includes('LAB-INSTALLED')) throw new Error(`the installation failed:\n${said.slice(-3000)}`)
}

const ovmf = ['CODE', 'VARS'].flatMap((part) => {
  const file = `/usr/share/OVMF/OVMF_${part}_4M.fd`
  return ['-drive', `if=pflash,format=raw,file=${file},${part === 'CODE' ? 'readonly=on' : 'snapshot=on'}`]
})

/** QEMU dies with the process that started it (`setpriv --pdeathsig`); commands go to its monitor on standard input. */
function start(args: string[]): PoweredOn {
  const command = ['--pdeathsig', 'KILL', 'qemu-system-x86_64', ...args, '-qmp', 'stdio']
  const child = spawn('setpriv', command, { stdio: ['pipe', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (data) => {
    said += data
  })
  child.stdin.on('error', () => {})
  child.stdin.write('{"execute":"qmp_capabilities"}\n')
  const off = once(child, 'exit').then(([code, signal]) => {
    if (code || (signal && signal !== 'SIGKILL')) throw new Error(`QEMU ended with ${code ?? signal}: ${said}`)
  })
  off.catch(() => {})
  return {
    pid: child.pid ?? 0,
    off,
    reset: () => child.stdin.write('{"execute":"system_reset"}\n'),
    quit: async () => {
      child.stdin.write('{"execute":"quit"}\n')
      await off
    },
    kill: async () => {
      child.kill('SIGKILL')
      await off.catch(() => {})
    },
  }
}
