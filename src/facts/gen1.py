exec(open('edit.py').read())
T=lambda *n: "import { "+", ".join(n)+" } from '../text.ts'"
NL="import { defineProbe, NotLearned } from '../probe.ts'"
probe('uname',"'uname -r'",'parse',T('plainLine')+'\n'+NL,helpers='''
function parse(text: string): string {
  const release = plainLine(text)
  if (!/^\\d+\\.\\d+\\S*$/.test(release)) throw new NotLearned('not a kernel release')
  return release
}
''')
probe('boot-id',"'cat /proc/sys/kernel/random/boot_id'","(text) => plainLine(text).toLowerCase()",T('plainLine'))
probe('cmdline',"'cat /proc/cmdline'",'parse',T('plainLine'),helpers='''
function parse(text: string): Cmdline {
  const line = plainLine(text)
  return { line, words: kernelWords(line) }
}

/** The words of a kernel line: blanks inside double quotes do not part, and the quotes around a value are not of it. */
export function kernelWords(line: string): string[] {
  const words = line.match(/(?:[^\\s"]|"[^"]*(?:"|$))+/g) ?? []
  return words.map((word) => word.replace(/^"(.*?)"?$/s, '$1').replace(/^([^="]+=)"(.*?)"?$/s, '$1$2'))
}
''')
probe('os-release',"'cat /etc/os-release'",'parse',T('content','lines')+'\n'+NL,helpers='''
function parse(text: string): OsRelease {
  const values = new Map<string, string>()
  for (const line of lines(content(text))) {
    const [, key, value] = /^\\s*([A-Z_0-9]+)=(.*)$/.exec(line) ?? []
    if (key !== undefined && value !== undefined) values.set(key, value.trim().replace(/^(["'])(.*)\\1$/, '$2'))
  }
  const id = values.get('ID')
  if (!id) throw new NotLearned('no ID= line')
  const or = (key: string) => values.get(key) ?? null
  return { id, versionId: or('VERSION_ID'), codename: or('VERSION_CODENAME'), pretty: or('PRETTY_NAME') }
}
''')
probe('pveversion','','parse',T('filled','looked')+'\n'+NL,extra="  slow: true,\n  seconds: 20,\n",sh='''
# The lines of `pveversion -v`, from dpkg: the program itself builds the whole package cache first.
[ -e /usr/bin/pveversion ] || exit 0
command -v dpkg-query >/dev/null || exec pveversion -v
running=$(uname -r)
manager=$(sed -n "s/.*repoid.*=> *'\\([0-9a-f]*\\)'.*/\\1/p" /usr/share/perl5/PVE/pvecfg.pm 2>/dev/null)
list=$(dpkg-query -W -f '${db:Status-Abbrev} ${Package} ${Version}\\n' \\
  proxmox-ve pve-manager qemu-server pve-qemu-kvm pve-container proxmox-kernel-helper pve-ha-manager pve-firmware \\
  pve-edk2-firmware libpve-common-perl 'proxmox-kernel-*' 'pve-kernel-*' corosync zfsutils-linux lvm2 systemd-boot \\
  grub-common shim-signed 2>/dev/null)
[ -n "$list" ] || exec pveversion -v
printf '%s\\n' "$list" | while read -r state name version; do
  case "$state $name" in
    ?i*" proxmox-ve") printf '%s: %s (running kernel: %s)\\n' "$name" "$version" "$running" ;;
    ?i*" pve-manager") printf '%s: %s (running version: %s/%s)\\n' "$name" "$version" "$version" "$manager" ;;
    ?i*) printf '%s: %s\\n' "$name" "$version" ;;
  esac
done
''',helpers='''
function parse(text: string): PveVersion {
  const said = filled(looked(text)).map((line) => line.trim())
  const packages: Record<string, string> = {}
  let manager: string | null = null
  let running: string | null = null
  for (const line of said) {
    running ??= /\\(running kernel: ([^)\\s]+)\\)/.exec(line)?.[1] ?? null
    manager ??= /^pve-manager\\/([^/\\s]+)/.exec(line)?.[1] ?? null
    const [, name, version] = /^([a-z0-9][a-z0-9+.-]*): (\\d\\S*)/.exec(line) ?? []
    if (name === 'pve-manager') manager ??= version ?? null
    if (name !== undefined && version !== undefined) packages[name] = version
  }
  if (said.length > 0 && manager === null && Object.keys(packages).length === 0) {
    throw new NotLearned('no version in it')
  }
  return { manager, running, packages }
}
''')
probe('cpu',"`sed -n '/^$/q;p' /proc/cpuinfo`",'parse',T('content','keyed')+'\n'+NL,helpers='''
const VENDORS: Readonly<Record<string, Cpu['vendor']>> = { GenuineIntel: 'intel', AuthenticAMD: 'amd' }

function parse(text: string): Cpu {
  const key = keyed(content(text))
  const vendor = key('vendor_id')
  if (vendor === null) throw new NotLearned('no vendor_id line')
  const flags = key('flags')
  return {
    vendor: VENDORS[vendor] ?? 'other',
    model: key('model name'),
    flags: flags === null ? null : flags.split(/\\s+/),
  }
}
''')
probe('firmware','','parse',T('content','keyed','yesNo')+'\n'+NL,sh='''
dir=/sys/firmware/efi/efivars
if [ -d /sys/firmware/efi ]; then
  echo 'efi: yes'
  state=unknown
  for var in "$dir"/SecureBoot-*; do
    if [ -r "$var" ]; then
      case $(od -An -tu1 -j4 -N1 "$var") in
        *1) state=enabled ;;
        *0) state=disabled ;;
      esac
    elif [ ! -e "$var" ]; then
      for any in "$dir"/BootOrder-*; do [ -e "$any" ] && state=disabled; done
    fi
  done
  echo "secure-boot: $state"
else
  echo 'efi: no'
  echo 'secure-boot: disabled'
fi
for key in sys-vendor:sys_vendor product:product_name bios-version:bios_version bios-date:bios_date; do
  [ -r "/sys/class/dmi/id/${key#*:}" ] && read -r value <"/sys/class/dmi/id/${key#*:}" && echo "${key%%:*}: $value"
done
if [ -r /sys/firmware/acpi/tables ]; then
  tables=
  for table in /sys/firmware/acpi/tables/*; do
    [ -f "$table" ] && tables="$tables ${table##*/}"
  done
  echo "acpi-tables:$tables"
fi
exit 0
''',helpers='''
function parse(text: string): Firmware {
  const key = keyed(content(text))
  const secure = key('secure-boot')
  const tables = key('acpi-tables')
  const firmware: Firmware = {
    efi: yesNo(key('efi')),
    secureBoot: secure === 'enabled' || secure === 'disabled' ? secure : 'unknown',
    sysVendor: key('sys-vendor'),
    product: key('product'),
    biosVersion: key('bios-version'),
    biosDate: key('bios-date'),
    acpiTables: tables === null ? null : tables.split(/\\s+/),
  }
  const { secureBoot, ...rest } = firmware
  if (secureBoot === 'unknown' && Object.values(rest).every((value) => value === null)) {
    throw new NotLearned('no line that is known')
  }
  return firmware
}
''')
probe('iommu-units',"'ls /sys/class/iommu'",'parse',T('filled','looked'),helpers='''
const parse = (text: string): IommuUnits =>
  filled(looked(text)).flatMap((line) => line.match(/\\b(?:dmar|ivhd|smmu3?|iommu)[\\w.-]*/g) ?? [])
''')
probe('iommu-groups',"'find /sys/kernel/iommu_groups -type l'",'parse',T('lines','looked')+"\nimport { withDomain } from '../address.ts'",helpers='''
function parse(text: string): IommuGroups {
  const groups = new Map<number, Set<string>>()
  for (const line of lines(looked(text))) {
    const [, id, address] =
      /iommu_groups\\/(\\d{1,9})\\/devices\\/((?:[0-9a-f]{4,8}:)?[0-9a-f]{2}:[0-9a-f]{2}\\.[0-7])\\s*$/i.exec(line) ?? []
    if (id === undefined || address === undefined) continue
    const group = groups.get(Number(id)) ?? new Set()
    groups.set(Number(id), group.add(withDomain(address)))
  }
  return [...groups].sort(([a], [b]) => a - b).map(([id, devices]) => ({ id, devices: [...devices].sort() }))
}
''')
probe('reserved-regions','','parse',T('lines','looked'),sh='''
[ -r /sys/kernel/iommu_groups ] || exit 1
set -- /sys/kernel/iommu_groups/*/reserved_regions
[ -e "$1" ] || exit 0
all=$(grep -H . "$@")
[ $? -lt 2 ] || exit 2
[ -z "$all" ] || printf '%s\\n' "$all"
''',helpers='''
function parse(text: string): ReservedRegions {
  return lines(looked(text)).flatMap((line) => {
    const [, group, start, end, type] =
      /iommu_groups\\/(\\d{1,9})\\/reserved_regions:\\s*(0x[0-9a-f]+)\\s+(0x[0-9a-f]+)\\s+([\\w-]+)\\s*$/i.exec(line) ?? []
    if (group === undefined || start === undefined || end === undefined || type === undefined) return []
    return [{ group: Number(group), start, end, type }]
  })
}
''')
probe('lspci',"'lspci -Dnnk'",'parse',T('content','lines')+"\nimport { withDomain } from '../address.ts'\n"+NL,extra="  seconds: 10,\n",helpers='''
const HEAD =
  /^((?:[0-9a-f]{4,8}:)?[0-9a-f]{2}:[0-9a-f]{2}\\.[0-7]) (.*?) ?\\[([0-9a-f]{4})\\]: (.*?) ?\\[([0-9a-f]{4}):([0-9a-f]{4})\\](?: \\(|\\s*$)/i

function parse(text: string): Lspci {
  const devices: Lspci = []
  for (const line of lines(content(text))) {
    const [, address, className = '', code, name = '', vendor, device] =
      line.length < 2000 ? (HEAD.exec(line) ?? []) : []
    if (address && code && vendor && device) {
      const ids = { class: code.toLowerCase(), vendor: vendor.toLowerCase(), device: device.toLowerCase() }
      devices.push({ address: withDomain(address), ...ids, className, name, driver: null, modules: [] })
      continue
    }
    const last = devices.at(-1)
    if (!last || !/^\\s/.test(line)) continue
    const [, driver] = /^\\s+Kernel driver in use: (\\S+)/.exec(line) ?? []
    if (driver !== undefined) last.driver = driver
    const [, modules] = /^\\s+Kernel modules: (.+?)\\s*$/.exec(line) ?? []
    if (modules !== undefined) last.modules = modules.split(/,\\s*/)
  }
  if (devices.length === 0) throw new NotLearned('no device with its ids in it')
  return devices
}
''')
probe('lspci-caps','','parse',T('content','lines')+"\nimport { withDomain } from '../address.ts'\n"+NL,extra="  slow: true,\n  seconds: 20,\n  maxBytes: 1024 * 1024,\n",sh='''
command -v lspci >/dev/null || exit 127
lspci -D -vvv | grep -E '^[0-9a-f]|FLReset|AFCap:|LnkSta:|ACSCap:|ACSCtl:|access denied'
''',helpers='''
function parse(text: string): LspciCaps {
  const devices: LspciCaps = []
  let denied = 0
  for (const line of lines(content(text))) {
    const [, address] = /^((?:[0-9a-f]{4,8}:)?[0-9a-f]{2}:[0-9a-f]{2}\\.[0-7])\\s/i.exec(line) ?? []
    if (address !== undefined) {
      const none = { flr: null, linkSpeed: null, linkWidth: null, acsCap: null, acsCtl: null }
      devices.push({ address: withDomain(address), ...none })
      continue
    }
    if (line.includes('access denied')) denied += 1
    const last = devices.at(-1)
    if (last && line.length < 2000) read(line, last)
  }
  if (devices.length === 0) throw new NotLearned('no device in it')
  if (denied > 0 && devices.every(({ flr, linkSpeed }) => flr === null && linkSpeed === null)) {
    throw new NotLearned('capabilities are shown to root only')
  }
  return devices
}

function read(line: string, device: LspciCaps[number]): void {
  const [, flr] = /\\bFLReset([+-])|\\bAFCap:.*\\bFLR([+-])/.exec(line)?.filter((part) => part !== undefined) ?? []
  if (flr !== undefined) device.flr = device.flr === true || flr === '+'
  const [, speed, width] = /\\bLnkSta:\\s*Speed ([^,]+?)(?: \\([a-z]+\\))?, Width x(\\d{1,2})/.exec(line) ?? []
  if (speed !== undefined) {
    device.linkSpeed = speed
    device.linkWidth = Number(width)
  }
  const [, which, bits] = /\\bACS(Cap|Ctl):\\s*(\\S.*?)\\s*$/.exec(line) ?? []
  if (which === 'Cap') device.acsCap = bits ?? null
  if (which === 'Ctl') device.acsCtl = bits ?? null
}
''')
probe('pci-sysfs','','parse',T('content','lines')+"\nimport { FULL_ADDRESS, withDomain } from '../address.ts'\n"+NL,sh='''
cd /sys/bus/pci/devices || exit 1
# Before kernel 5.15 there is no reset_method at all; since then a device without the file has no way to be reset.
set -- */reset_method
methods=no
[ -e "$1" ] && methods=yes
for device in *; do
  [ -d "$device" ] || continue
  line=$device
  for key in reset_method boot_vga d3cold_allowed power_state numa_node driver_override sriov_numvfs; do
    value=
    if [ -e "$device/$key" ]; then
      { read -r value <"$device/$key"; } 2>/dev/null
    elif [ "$key$methods" = reset_methodno ]; then
      continue
    fi
    case $value in
      '(null)') value= ;;
      *' '*)
        rest=$value value=
        for word in $rest; do value=$value,$word; done
        value=${value#,}
        ;;
    esac
    line="$line $key=$value"
  done
  physical=
  [ -e "$device/physfn" ] && physical=$(cd -P "$device/physfn" && pwd -P)
  echo "$line physfn=${physical##*/}"
done
''',helpers='''
function parse(text: string): PciSysfs {
  const devices = lines(content(text)).flatMap((line) => {
    const [first = '', ...words] = line.trim().split(/\\s+/)
    const address = withDomain(first)
    return FULL_ADDRESS.test(address) ? [deviceOf(address, words)] : []
  })
  if (devices.length === 0) throw new NotLearned('no device in it')
  return devices
}

function deviceOf(address: string, words: readonly string[]): PciSysfs[number] {
  const values = new Map(words.map((word) => [word.split('=', 1)[0], word.slice(word.indexOf('=') + 1)]))
  const or = (key: string) => values.get(key) || null
  const bit = (key: string) => (or(key) === '1' ? true : or(key) === '0' ? false : null)
  const override = or('driver_override')
  const physfn = or('physfn')
  return {
    address,
    resetMethods: values.get('reset_method')?.split(',').filter(Boolean) ?? null,
    bootVga: bit('boot_vga'),
    d3coldAllowed: bit('d3cold_allowed'),
    powerState: or('power_state'),
    numaNode: whole(or('numa_node')),
    driverOverride: override === '(null)' ? null : override,
    sriovVfs: whole(or('sriov_numvfs')),
    physfn: physfn && withDomain(physfn),
  }
}
'''.replace('',''))
s=open('probes/pci-sysfs.ts').read().replace("import { content, lines } from","import { content, lines, whole } from"); open('probes/pci-sysfs.ts','w').write(s)
