exec(open('edit.py').read())
T=lambda *n: "import { "+", ".join(n)+" } from '../text.ts'"
NL="import { defineProbe, NotLearned } from '../probe.ts'"
probe('iommu-units',"'ls /sys/class/iommu'",'parse',T('filled','looked'),helpers='''
function parse(text: string): IommuUnits {
  return filled(looked(text)).flatMap((line) => line.match(/\\b(?:dmar|ivhd|smmu|iommu)[\\w.-]*/g) ?? [])
}
''')
probe('default-grub',"'cat /etc/default/grub 2>&1'",'parse',T('isGarbage','isMissingFile','isRefusal')+'\n'+NL,helpers='''
function parse(text: string): DefaultGrub {
  if (isMissingFile(text)) return { text: null }
  if (isRefusal(text)) throw new NotLearned(`could not look: ${text.trim()}`)
  if (isGarbage(text)) throw new NotLearned('the file is not UTF-8 text, so that it could not be written back unchanged')
  return { text }
}
''')
probe('default-grub-d','','parse',T('fileLines','isGarbage','looked')+'\n'+NL,sh='''
[ -e /etc/default/grub.d ] || exit 0
[ -r /etc/default/grub.d ] || exit 1
for file in /etc/default/grub.d/*.cfg; do
  [ -e "$file" ] || continue
  [ -r "$file" ] || { echo "grep: $file: Permission denied"; exit 1; }
  if [ -s "$file" ]; then
    grep -aH '' "$file"
    last=$(tail -c 1 "$file"; echo .)
    [ "$last" = . ] || [ "$last" = "$(printf '\\n.')" ] || echo "\\\\ no newline at the end of $file"
  else
    echo "\\\\ nothing in $file"
  fi
done
''',helpers='''
/** Lines of `grep -H ""`; what grep does not show (an empty file, no newline at the end) stands in lines with a backslash. */
function parse(text: string): DefaultGrubD {
  if (isGarbage(looked(text))) throw new NotLearned('the files are not UTF-8 text')
  const files = new Map<string, string>()
  for (const line of text.split('\\n')) {
    const [, note, of] = /^\\\\ (no newline at the end of|nothing in) (\\S.*?)\\r?$/.exec(line) ?? []
    if (of !== undefined) files.set(of, note === 'nothing in' ? '' : (files.get(of) ?? '').replace(/\\n$/, ''))
    for (const { path, line: own } of fileLines(line, PATH)) files.set(path, `${files.get(path) ?? ''}${own}\\n`)
  }
  return [...files].map(([path, own]) => ({ path, text: own }))
}

const PATH = /^\\/[^\\0]{1,200}?\\.cfg(?=:)/
''')
probe('grub-syntax','','parse',T('lines','looked'),sh='''
# The shell that update-grub uses, in an environment of its own, reads the files in the same order.
faults=no
for file in /etc/default/grub /etc/default/grub.d/*.cfg; do
  [ -e "$file" ] || continue
  [ -r "$file" ] || exit 1
  sh -n "$file" 2>&1 || faults=yes
done
[ "$faults" = no ] || exit 0
# shellcheck disable=SC2016
show='
exec 3>&1 >/dev/null
if [ -f /etc/default/grub ]; then . /etc/default/grub; fi
for x in /etc/default/grub.d/*.cfg; do if [ -e "$x" ]; then . "$x"; fi; done
set +e
nl="
"
for name in GRUB_CMDLINE_LINUX GRUB_CMDLINE_LINUX_DEFAULT GRUB_DEFAULT; do
  eval "there=\\${$name+yes} value=\\${$name-}"
  [ "$there" = yes ] || continue
  printf "%s=" "$name" >&3
  while :; do
    case $value in *"$nl"*) ;; *) break ;; esac
    printf "%s\\n+" "${value%%"$nl"*}" >&3
    value=${value#*"$nl"}
  done
  printf "%s\\n" "$value" >&3
done'
if values=$(env -i PATH="$PATH" LC_ALL=C sh -ec "$show" 2>/dev/null); then
  [ -z "$values" ] || printf '%s\\n' "$values"
  exit 0
fi
code=$?
env -i PATH="$PATH" LC_ALL=C sh -ec "$show" 2>&1 >/dev/null
echo "/etc/default/grub: sourcing it as update-grub does ends with exit status $code"
exit 0
''',helpers='''
/** A value goes on in the lines after it that begin with `+`, one for each newline in it. */
function parse(text: string): GrubSyntax {
  const errors: string[] = []
  const values: Record<string, string> = {}
  let open: string | null = null
  for (const line of lines(looked(text))) {
    const [, name, value = ''] = /^(GRUB_[A-Z0-9_]+)=(.*)$/s.exec(line) ?? []
    if (name !== undefined) {
      values[name] = value
      open = name
    } else if (open !== null && line.startsWith('+')) {
      values[open] += `\\n${line.slice(1)}`
    } else if (line.trim() !== '') {
      errors.push(line.trim())
      open = null
    }
  }
  return { errors, values }
}
''')
probe('grub-cfg','','parse',T('filled','isMissingFile','isRefusal')+"\nimport { grubWords } from '../grub-words.ts'\n"+NL,extra="  seconds: 15,\n  maxBytes: 1024 * 1024,\n",schema=[("    recovery: z.boolean(),\n","    recovery: z.boolean(),\n    path: z.string().nullish(),\n    index: z.string().nullish(),\n"),
("`path` is the nested id GRUB_DEFAULT would name (`submenu>entry`);","`path` and `index` are what GRUB_DEFAULT would name it by (`submenu>entry`, `1>0`), null where the submenus are not shown;")],sh='''
pick() {
  grep -hE '^[[:space:]]*(menuentry|submenu|linux|linuxefi|linux16)[[:space:]]' "$1" 2>&1
}
read -r line </proc/cmdline
case $line in
  BOOT_IMAGE=/vmlinuz*) [ -s /etc/kernel/proxmox-boot-uuids ] || { pick /boot/grub/grub.cfg; exit; } ;;
  *) pick /boot/grub/grub.cfg; exit ;;
esac
# GRUB reads its file on the ESP, which is not mounted: look at it read-only, in a mount namespace that nobody else sees.
while read -r uuid _; do
  [ -e "/dev/disk/by-uuid/$uuid" ] || continue
  # shellcheck disable=SC2016
  text=$(unshare -m sh -c 'mount -t vfat -o ro "$1" /mnt && cat /mnt/grub/grub.cfg' sh "/dev/disk/by-uuid/$uuid") || continue
  printf '%s\\n' "$text" | pick -
  exit
done </etc/kernel/proxmox-boot-uuids
exit 1
''',helpers='''
function parse(text: string): GrubCfg {
  if (isMissingFile(text)) return []
  const entries: GrubCfg = []
  const place = places()
  let open: GrubCfg[number] | undefined
  for (const line of filled(text)) {
    if (isRefusal(line)) throw new NotLearned(`could not look: ${line.trim()}`)
    const [kind, ...words] = grubWords(line.trim())
    const nested = /^\\s/.test(line)
    if (kind === 'menuentry' || kind === 'submenu') {
      const title = words[0] ?? ''
      const named = words.findIndex((word) => word === '--id' || word === '$menuentry_id_option')
      const id = named === -1 ? null : (words[named + 1] ?? null)
      const where = place(kind, nested, id ?? title)
      open = undefined
      if (kind === 'submenu') continue
      const recovery = /\\(recovery mode\\)/.test(title) || /-recovery-/.test(id ?? '')
      open = { title, id, image: null, words: [], recovery, ...where }
      entries.push(open)
    } else if ((kind === 'linux' || kind === 'linuxefi' || kind === 'linux16') && open && open.image === null) {
      open.image = words[0] ?? null
      open.words = words.slice(1)
      open.recovery ||= open.words.includes('single') && !open.words.includes('quiet')
    }
  }
  if (entries.length === 0) throw new NotLearned('no menuentry in it')
  return entries
}

/** Counts entries as GRUB does. An indented entry without a submenu line before it means that those were left out. */
function places() {
  let top = 0
  let inside = 0
  let menu: { id: string; index: number } | null = null
  let known = true
  return (kind: 'menuentry' | 'submenu', nested: boolean, id: string) => {
    if (nested && menu === null) known = false
    if (!known) return { path: nested ? null : id, index: null }
    if (nested && menu) return { path: `${menu.id}>${id}`, index: `${menu.index}>${inside++}` }
    const index = top++
    menu = kind === 'submenu' ? { id, index } : null
    inside = 0
    return { path: id, index: String(index) }
  }
}
''')
open('grub-words.ts','w').write('''/** The words of a line of GRUB script, unquoted as GRUB does: '…' as it stands, "…" with backslashes, blanks part. */
export function grubWords(line: string): string[] {
  const words: string[] = []
  for (const [raw] of line.matchAll(/(?:[^\\s'"\\\\]|\\\\.|'[^']*(?:'|$)|"(?:[^"\\\\]|\\\\.)*(?:"|$))+/gs)) {
    words.push(
      raw.replace(/'([^']*)'?|"((?:[^"\\\\]|\\\\.)*)"?|\\\\(.)/gs, (_, single, double, escaped) => {
        return single ?? double?.replace(/\\\\(["\\\\$])/g, '$1') ?? escaped
      }),
    )
  }
  return words
}
''')
probe('grub-env','','parse',T('keyed','lines','looked','yesNo'),sh='''
# What /boot/grub lies on: the longest mount point above it, the later one when a place is mounted over.
best='' device='' options='' tail=''
while read -r _ _ number _ point flags rest; do
  case /boot/grub/ in
    "${point%/}"/*) [ "${#point}" -ge "${#best}" ] || continue ;;
    *) continue ;;
  esac
  rest=" $rest"
  best=$point device=$number options=$flags tail=${rest#* - }
done </proc/self/mountinfo
fs=${tail%% *}
source=${tail#* }
source=${source%% *}
kinds=
climb() {
  if [ -r "$1/dm/uuid" ]; then
    read -r uuid <"$1/dm/uuid"
    case $uuid in
      CRYPT-*) kinds="$kinds crypt" ;;
      LVM-*) kinds="$kinds lvm" ;;
      *) kinds="$kinds other" ;;
    esac
  elif [ -d "$1/md" ]; then
    kinds="$kinds raid"
  elif [ -e "$1/partition" ]; then
    climb "$1/.."
    return
  fi
  for below in "$1"/slaves/*; do
    [ -e "$below" ] && climb "$below"
  done
}
node=/sys/dev/block/$device
[ -e "$node" ] || node=/sys/class/block/${source##*/}
case $source in
  /dev/*) [ -e "$node" ] && kinds=plain && climb "$node" ;;
esac
stack=other
for kind in plain other lvm raid crypt; do
  case " $kinds " in *" $kind "*) stack=$kind ;; esac
done
printf '%s\\n' "boot-source: $source" "boot-fs: $fs" "boot-stack: $stack"
case $source in
  /dev/*)
    uuid=$(lsblk -ndro UUID "$source")
    [ -n "$uuid" ] || uuid=$(blkid -p -s UUID -o value "$source")
    [ -z "$uuid" ] || echo "boot-uuid: $uuid"
    ;;
esac
case ,$options, in
  *,rw,*) echo 'boot-writable: yes' ;;
  *,ro,*) echo 'boot-writable: no' ;;
esac
# shellcheck disable=SC2016
value=$(env -i PATH="$PATH" LC_ALL=C sh -ec 'exec 3>&1 >/dev/null
if [ -f /etc/default/grub ]; then . /etc/default/grub; fi
for x in /etc/default/grub.d/*.cfg; do if [ -e "$x" ]; then . "$x"; fi; done
printf "%s" "${GRUB_DEFAULT-}" >&3') && [ -n "$value" ] && printf 'grub-default: %s\\n' "$value"
if [ -e /boot/grub/custom.cfg ]; then
  sum=$(sha256sum /boot/grub/custom.cfg) && echo "custom-cfg: ${sum%% *}"
elif [ -x /boot/grub ]; then
  echo 'custom-cfg: absent'
fi
if [ -r /boot/grub/grub.cfg ]; then
  if grep -qE '^[[:space:]]*source[[:space:]].*custom\\.cfg' /boot/grub/grub.cfg; then
    echo 'custom-sourced: yes'
  else
    echo 'custom-sourced: no'
  fi
fi
tools=
for tool in grub-editenv grub-script-check grub-reboot grub-mkconfig update-grub proxmox-boot-tool bootctl efibootmgr; do
  command -v "$tool" >/dev/null && tools="$tools $tool"
done
echo "tools:$tools"
[ ! -e /boot/grub/grubenv ] || sed -n '/^[A-Za-z_][A-Za-z_0-9]*=/p' /boot/grub/grubenv
''',helpers='''
const STACKS = ['plain', 'lvm', 'raid', 'crypt', 'other'] as const

function parse(text: string): GrubEnv {
  const key = keyed(looked(text))
  const variables: Record<string, string> = {}
  for (const line of lines(text)) {
    const [, name, value] = /^([A-Za-z_]\\w*)=(.*)$/.exec(line) ?? []
    if (name !== undefined && value !== undefined) variables[name] = value
  }
  return {
    variables,
    bootSource: key('boot-source'),
    bootUuid: key('boot-uuid'),
    bootFs: key('boot-fs'),
    bootStack: STACKS.find((stack) => stack === key('boot-stack')) ?? null,
    bootWritable: yesNo(key('boot-writable')),
    grubDefault: key('grub-default'),
    customSha256: key('custom-cfg'),
    customSourced: yesNo(key('custom-sourced')),
    tools: key('tools')?.split(/\\s+/) ?? [],
  }
}
''',schema=[("Keys as printed; null = not shown.","Keys as printed; null = not shown. `customSha256` is `absent` where there is no custom.cfg.")])
probe('kernel-cmdline-file',"'cat /etc/kernel/cmdline 2>&1'",'parse',T('isGarbage','isMissingFile','isRefusal')+'\n'+NL,helpers='''
function parse(text: string): KernelCmdlineFile {
  if (isMissingFile(text)) return { first: null }
  if (isRefusal(text)) throw new NotLearned(`could not look: ${text.trim()}`)
  const [first = ''] = text.split('\\n', 1)
  if (isGarbage(first)) throw new NotLearned('the file is not text')
  return { first: first.replace(/\\r$/, '') }
}
''')
probe('boot-tool','','parse',T('content','lines')+'\n'+NL,extra="  seconds: 20,\n",sh='''
# Without that file the answer is known, and the program (which mounts every ESP) need not run.
if [ ! -e /etc/kernel/proxmox-boot-uuids ] && [ -x /etc/kernel ]; then
  echo 'E: /etc/kernel/proxmox-boot-uuids does not exist.'
  exit 2
fi
proxmox-boot-tool status 2>&1
''',helpers='''
function parse(text: string): BootTool {
  const said = lines(content(text)).map((line) => line.trim())
  const all = said.join('\\n')
  const unmanaged = /^E: \\S*proxmox-boot-uuids does not exist/m.test(all)
  const booted = /currently booted with (uefi|legacy bios)/.exec(all)?.[1]
  const esps = said.flatMap((line) => {
    const [, uuid, rest = ''] = /^([0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}) is configured with: (.*)$/.exec(line) ?? []
    return uuid === undefined ? [] : [{ uuid, loaders: loadersOf(rest) }]
  })
  if (!unmanaged && booted === undefined && esps.length === 0) throw new NotLearned(said[0] ?? 'nothing in it')
  return {
    managed: !unmanaged,
    booted: booted === undefined ? null : booted === 'uefi' ? 'uefi' : 'bios',
    esps,
    warnings: said.filter((line) => /^(?:WARN|W|E|ERROR):/i.test(line) && !/^E: \\S*proxmox-boot-uuids does/.test(line)),
  }
}

function loadersOf(text: string): BootTool['esps'][number]['loaders'] {
  return [...text.matchAll(/\\b(uefi|grub) \\(versions: ([^)]*)\\)/g)].map(([, kind, versions = '']) => ({
    kind: kind === 'uefi' ? 'uefi' : 'grub',
    versions: versions.split(/,\\s*/).filter(Boolean),
  }))
}
''')
probe('boot-loader','','parse',T('content','keyed','pairs','yesNo')+'\n'+NL,sh='''
vars=/sys/firmware/efi/efivars
if [ -d /sys/firmware/efi ]; then
  [ -r "$vars" ] || exit 1
  shim=no
  for var in "$vars"/MokListRT-* "$vars"/SbatLevelRT-*; do [ -e "$var" ] && shim=yes; done
  info=$vars/LoaderInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f
  [ ! -e "$info" ] || printf 'loader-info: %s\\n' "$(tail -c +5 "$info" | tr -d '\\000')"
  global=8be4df61-93ca-11d2-aa0d-00e098032b8c
  if [ -e "$vars/BootCurrent-$global" ]; then
    # shellcheck disable=SC2046
    set -- $(od -An -tx1 -j4 -N2 "$vars/BootCurrent-$global")
    number=$(echo "$2$1" | tr a-f A-F)
    active='' title=''
    if [ -r "$vars/Boot$number-$global" ]; then
      # shellcheck disable=SC2046
      set -- $(od -An -v -to1 -j4 -N262 "$vars/Boot$number-$global")
      case $1 in *[1357]) active='*' ;; esac
      shift 6
      while [ $# -ge 2 ] && [ "$1$2" != 000000 ]; do
        case $2$1 in
          000[01][0-7][0-7]) title=$title\\\\$1 ;;
          *) title="$title?" ;;
        esac
        shift 2
      done
      # shellcheck disable=SC2059
      title=$(printf "$title")
    fi
    printf 'boot-current: Boot%s%s %s\\n' "$number" "$active" "$title"
  fi
  echo "shim: $shim"
else
  echo 'shim: no'
fi
# Every ESP, mounted or not: a Proxmox installer makes one on each disk.
list=$(lsblk -Ppo NAME,PARTTYPE,UUID,FSTYPE,MOUNTPOINT) || exit 1
printf '%s\\n' "$list" | sed -n \\
  -e 's/^NAME="\\([^"]*\\)" PARTTYPE="c12a7328-[^"]*" UUID="\\([^"]*\\)" FSTYPE="\\([^"]*\\)" MOUNTPOINT="\\([^"]*\\)".*/esp: \\1 \\2, \\3, \\4,/' \\
  -e '/^esp: /{s/ ,/ -,/g;s/,\\( \\|$\\)/\\1/g;p;}'
exit 0
''',helpers='''
function parse(text: string): BootLoader {
  const key = keyed(content(text))
  const esps = pairs(text).flatMap(([name, value]) => {
    const [device, uuid, fs, ...at] = value.split(/\\s+/)
    if (name !== 'esp' || !device || !uuid || !fs) return []
    const mountedAt = at.join(' ')
    return [{ device, uuid, fs, mountedAt: mountedAt === '' || mountedAt === '-' ? null : mountedAt }]
  })
  const loader = { loaderInfo: key('loader-info'), bootCurrent: key('boot-current'), shim: yesNo(key('shim')) }
  if (esps.length === 0 && Object.values(loader).every((value) => value === null)) {
    throw new NotLearned('no line that is known')
  }
  return { ...loader, esps }
}
''')
probe('kernels','','parse',T('content','keyed','lines')+'\n'+NL,sh='''
[ -r /boot ] || exit 1
for image in /boot/vmlinuz-*; do
  [ -e "$image" ] && echo "${image#/boot/vmlinuz-}"
done
running=$(uname -r)
echo "running: $running"
pin='' next=''
[ -r /etc/kernel/proxmox-boot-pin ] && read -r pin _ </etc/kernel/proxmox-boot-pin
[ -r /etc/kernel/next-boot-pin ] && read -r next _ </etc/kernel/next-boot-pin
[ -z "$pin" ] || echo "pinned: $pin"
[ -z "$next" ] || echo "next-boot: $next"
default=${next:-$pin}
if [ -z "$default" ] && [ -s /etc/kernel/proxmox-boot-uuids ]; then
  default=$(for image in /boot/vmlinuz-*; do echo "${image#/boot/vmlinuz-}"; done | sort -V | tail -n 1)
elif [ -z "$default" ] && [ -r /boot/grub/grub.cfg ]; then
  case $(sed -n 's/^[[:space:]]*GRUB_DEFAULT=//p' /etc/default/grub /etc/default/grub.d/*.cfg 2>/dev/null | tail -n 1) in
    '' | 0 | '"0"' | "'0'")
      default=$(sed -n '/^[[:space:]]*linux[[:space:]]/{s/^[[:space:]]*linux[[:space:]]*[^[:space:]]*vmlinuz-\\([^[:space:]]*\\).*/\\1/p;q;}' /boot/grub/grub.cfg)
      ;;
  esac
fi
[ -z "$default" ] || echo "default: $default"
exit 0
''',helpers='''
function parse(text: string): Kernels {
  const key = keyed(content(text))
  const installed = lines(text).map((line) => line.trim())
  const kernels: Kernels = {
    installed: [...new Set(installed.filter((line) => /^\\d+\\.\\d+[\\w.+~-]*$/.test(line)))],
    running: key('running'),
    pinned: key('pinned'),
    nextBoot: key('next-boot'),
    default: key('default'),
  }
  if (kernels.installed.length === 0 && kernels.running === null) throw new NotLearned('no kernel in it')
  return kernels
}
''')
for n,sh,path,ext in (('modprobe-d','''
[ -r /etc/modprobe.d ] || exit 1
set -- /etc/modprobe.d/*.conf
[ -e "$1" ] || exit 0
grep -aH '' "$@" 2>&1
[ $? -lt 2 ]
''','/^\\/\\S{1,200}?\\.conf(?=:)/',''),('modules','''
set --
for file in /etc/modules /etc/modules-load.d/*.conf; do
  [ -e "$file" ] && set -- "$@" "$file"
done
[ $# -gt 0 ] || exit 0
grep -aH '' "$@" 2>&1
[ $? -lt 2 ]
''','/^\\/(?:etc\\/modules|\\S{1,200}?\\.conf)(?=:)/','')):
    N={'modprobe-d':'ModprobeD','modules':'Modules'}[n]
    probe(n,'','parse',T('fileLines','looked'),sh=sh,helpers=f'''
function parse(text: string): {N} {{
  return fileLines(looked(text), {path})
}}
''')
probe('lsmod','','parse',T('content','lines')+'\n'+NL,sh='''
echo 'Module                  Size  Used by'
cat /proc/modules
''',helpers='''
function parse(text: string): Lsmod {
  const said = lines(content(text))
  const modules = said.flatMap((line) => /^([\\w-]+)\\s+\\d+(?:\\s|$)/.exec(line)?.[1] ?? [])
  if (modules.length === 0 && !/^Module\\s+Size\\b/.test(said[0] ?? '')) throw new NotLearned('no module in it')
  return [...new Set(modules)]
}
''')
probe('initramfs','','parse',T('content','keyed')+'\n'+NL,sh='''
image=/boot/initrd.img-$(uname -r)
[ ! -e "$image" ] || printf 'image: %s\\nimage-path: %s\\n' "$(stat -Lc %Y "$image")" "$image"
newest=0 path=
for file in /etc/modules /etc/modprobe.d/*.conf /etc/initramfs-tools/*.conf /etc/initramfs-tools/modules \\
  /etc/initramfs-tools/conf.d/* /etc/initramfs-tools/hooks/* /etc/initramfs-tools/scripts/*/*; do
  [ -f "$file" ] && set -- "$@" "$file"
done
if [ $# -gt 0 ]; then
  list=$(stat -Lc '%Y %n' "$@") || exit 1
  while read -r time name; do
    [ "$time" -gt "$newest" ] && newest=$time path=$name
  done <<END
$list
END
  printf 'newest-source: %s\\nnewest-path: %s\\n' "$newest" "$path"
fi
[ -e "$image" ] || [ -r /boot ]
''',helpers='''
function parse(text: string): Initramfs {
  const key = keyed(content(text))
  const initramfs = {
    image: whole(key('image')),
    newestSource: whole(key('newest-source')),
    newestPath: key('newest-path'),
  }
  if (initramfs.image === null && initramfs.newestSource === null) throw new NotLearned('no time in it')
  return initramfs
}
''')
s=open('probes/initramfs.ts').read().replace("{ content, keyed } from","{ content, keyed, whole } from"); open('probes/initramfs.ts','w').write(s)
