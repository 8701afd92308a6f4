import { type GrubEntry, parseGrubConfig } from '../bootconfig/grub-config.ts'
import { defaultEntry } from '../bootconfig/grub-default-entry.ts'
import { evaluateGrubDefaults } from '../bootconfig/grub-defaults.ts'
import { isRefusal, type Refusal } from '../errors.ts'

/** What GRUB_DEFAULT holds for a kernel that is pinned, and for none. */
export const grubDefaultOf = (pinned: string | null): string =>
  pinned === null ? '0' : `gnulinux-advanced-0a1b>gnulinux-${pinned}-advanced-0a1b`

/**
 * The part of GRUB that matters here: what update-grub writes for these kernels (the newest first), and which line the next boot
 * gets. `images`: where GRUB finds them.
 */
export function generateConfig(
  defaultGrub: string,
  kernels: readonly string[],
  pinned: string | null,
  images: '/boot/' | '/',
): string | null {
  const values = evaluateGrubDefaults([{ path: '/etc/default/grub', text: defaultGrub }])
  if (isRefusal(values)) return null
  const normal = `${values.linux} ${values.linuxDefault}`.trimStart()
  return `### BEGIN /etc/grub.d/00_header ###
if [ "\${next_entry}" ] ; then
   set default="\${next_entry}"
   set next_entry=
   save_env next_entry
   set boot_once=true
else
   set default="${grubDefaultOf(pinned)}"
fi
### END /etc/grub.d/00_header ###
### BEGIN /etc/grub.d/10_linux ###
${entryOf('Proxmox VE GNU/Linux', 'gnulinux-simple-0a1b', kernels[0] ?? '', normal).replaceAll('/boot/', images)}
submenu 'Advanced options for Proxmox VE GNU/Linux' $menuentry_id_option 'gnulinux-advanced-0a1b' {
${kernels
  .map((kernel) => entriesOf(kernel, normal, values.linux))
  .join('\n')
  .replaceAll('/boot/', images)}
}
### END /etc/grub.d/10_linux ###
### BEGIN /etc/grub.d/41_custom ###
if [ -f  \${config_directory}/custom.cfg ]; then
  source \${config_directory}/custom.cfg
elif [ -z "\${config_directory}" -a -f  $prefix/custom.cfg ]; then
  source $prefix/custom.cfg
fi
### END /etc/grub.d/41_custom ###
`
}

const entriesOf = (kernel: string, normal: string, linux: string): string =>
  [
    entryOf(`Proxmox VE GNU/Linux, with Linux ${kernel}`, `gnulinux-${kernel}-advanced-0a1b`, kernel, normal),
    entryOf(
      `Proxmox VE GNU/Linux, with Linux ${kernel} (recovery mode)`,
      `gnulinux-${kernel}-recovery-0a1b`,
      kernel,
      `single ${linux}`,
    ),
  ].join('\n')

const entryOf = (title: string, id: string, kernel: string, args: string): string =>
  `menuentry '${title}' --class proxmox --class gnu-linux --class gnu --class os $menuentry_id_option '${id}' {
	load_video
	insmod gzio
	insmod part_gpt
	insmod lvm
	insmod ext2
	set root='lvmid/abc/def'
	search --no-floppy --fs-uuid --set=root 0a1b
	echo	'Loading Linux ${kernel} ...'
	linux	/boot/vmlinuz-${kernel} root=/dev/mapper/pve-root ro ${args}
	echo	'Loading initial ramdisk ...'
	initrd	/boot/initrd.img-${kernel}
}`

export interface Booted {
  readonly line: string
  /** Path of the initramfs it starts with. */
  readonly initramfs: string
  readonly flag: string | null
}

/** What GRUB does at power-on: the trial when its flag is armed, which it spends first; the default entry otherwise. */
export function bootOnce(config: string, custom: string | null, flag: string | null): Booted {
  const change = /armed-([\w-]+)/.exec(custom ?? '')?.[1]
  if (custom !== null && change !== undefined && flag === `armed-${change}`) {
    const trial = parseGrubConfig(custom)
    return { ...started(isRefusal(trial) ? trial : trial.entries[0]), flag: `spent-${change}` }
  }
  return { ...started(defaultEntry(parseGrubConfig(config))), flag }
}

function started(entry: GrubEntry | Refusal | undefined): Omit<Booted, 'flag'> {
  if (!entry || isRefusal(entry)) return { line: 'BOOT_IMAGE=', initramfs: '' }
  const initramfs = /\binitrd\s+([^\s;]+)/.exec(entry.body)?.[1] ?? ''
  return { line: `BOOT_IMAGE=${entry.image} ${entry.words.join(' ')}`, initramfs }
}
