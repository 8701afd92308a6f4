import { copyFile, readdir, readFile, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { cached, contentsOf, hashOf, type Log, labFolder } from './cache.ts'
import { labKernel } from './kernel.ts'
import { runInstaller } from './qemu.ts'
import { run } from './run.ts'

/** What a built node image consists of: its disk, the key that opens it, and its host key as `known_hosts` has it. */
export interface Image {
  folder: string
  disk: string
  keyFile: string
  hostKey: string
}

const packages = [
  'linux-image-amd64,initramfs-tools,zstd,busybox,systemd,systemd-sysv,dbus,udev,kmod,procps,openssh-server,sudo',
  'iproute2,ifupdown,pciutils,systemd-boot,lvm2,dosfstools,gdisk,e2fsprogs,efibootmgr,grub-pc,grub-efi-amd64-bin,python3-minimal',
].join(',')

// Drivers of hardware the lab does not have, and papers: half the image, and a third of the boot.
const left = [
  ...['media', 'gpu', 'infiniband', 'staging', 'isdn', 'net/wireless', 'net/ethernet/[!i]*'].map(
    (folder) => `/lib/modules/*/kernel/drivers/${folder}/*`,
  ),
  ...['/lib/modules/*/kernel/sound/*', '/usr/share/doc/*', '/usr/share/man/*', '/usr/share/locale/*'],
]

/** The base node: Debian in Proxmox's default layout, built once (under three minutes) and kept. Building needs root. */
export async function baseImage(log: Log): Promise<Image> {
  const kernel = await labKernel(log)
  const inputs = [
    ...(await contentsOf(join(labFolder, 'guest'))),
    ...(await contentsOf(join(labFolder, 'build'))),
    ...(await contentsOf(join(labFolder, 'kernel'))),
    await readFile(kernel),
    packages,
    left.join(),
  ]
  const folder = await cached(`base-${hashOf(...inputs)}`, (work) => build(work, kernel, log))
  return imageIn(folder)
}

/** Reads an image back from its folder; layers keep copies of the base's keys. */
export async function imageIn(folder: string): Promise<Image> {
  const hostKey = (await readFile(join(folder, 'host.pub'), 'utf8')).trim()
  return { folder, disk: join(folder, 'disk.qcow2'), keyFile: join(folder, 'id'), hostKey }
}

async function build(folder: string, kernel: string, log: Log): Promise<void> {
  const tree = join(folder, 'tree')
  const scripts = join(labFolder, 'build')
  log('collecting the Debian tree')
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'lanekeeper-lab', '-f', join(folder, 'id')])
  await run('mmdebstrap', [
    ...['--variant=minbase', `--include=${packages}`, '--aptopt=Apt::Install-Recommends "false"'],
    ...left.map((path) => `--dpkgopt=path-exclude=${path}`),
    `--essential-hook=${join(scripts, 'overlay.sh')} "$1"`,
    `--customize-hook=${join(scripts, 'customize.sh')} "$1" '${join(folder, 'id.pub')}' '${kernel}'`,
    ...['bookworm', tree, ...(await mirrors())],
  ])
  await copyFile(join(tree, 'etc/ssh/ssh_host_ed25519_key.pub'), join(folder, 'host.pub'))
  const boot = await readdir(join(tree, 'boot'))
  for (const kind of ['vmlinuz', 'initrd.img']) {
    const name = boot.find((file) => file.startsWith(kind) && file.endsWith('-amd64'))
    await copyFile(join(tree, 'boot', name ?? kind), join(folder, kind))
  }

  log('installing it on a disk')
  const root = join(folder, 'root.ext4')
  await run('mke2fs', ['-q', '-t', 'ext4', '-L', 'pve-root', '-d', tree, root, '1400M'])
  await run('qemu-img', ['create', '-q', '-f', 'qcow2', join(folder, 'disk.qcow2'), '6G'])
  await runInstaller(folder)
  for (const scrap of ['tree', basename(root), 'vmlinuz', 'initrd.img'])
    await rm(join(folder, scrap), { recursive: true })
}

/** The Debian archives this machine itself is set up with, backports aside, as lines for mmdebstrap; none: mmdebstrap's own default. */
async function mirrors(): Promise<string[]> {
  const format = 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)'
  const listed = await run('apt-get', ['indextargets', '--format', format, 'Created-By: Packages', 'Origin: Debian'])
  return [...new Set(listed.split('\n').filter((line) => / bookworm(?!-backports)/.test(line)))]
}
