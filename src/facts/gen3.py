exec(open('edit.py').read())
T=lambda *n: "import { "+", ".join(n)+" } from '../text.ts'"
NL="import { defineProbe, NotLearned } from '../probe.ts'"
probe('iomem','','parse',T('lines','looked')+"\nimport { withDomain } from '../address.ts'",schema=[("z.object({ range: z.string(), name: z.string() })","z.object({ range: z.string(), name: z.string(), device: z.string().nullish() })"),("range and name. */","range and name, and the PCI device whose region it lies in (null = not shown). */")],sh='''
[ -r /proc/iomem ] || exit 1
# The lines themselves, and the PCI devices in whose regions they lie.
awk '
{
  depth = match($0, /[^ ]/)
  while (top > 0 && at[top] >= depth) top--
  at[++top] = depth
  line[top] = $0
  said[top] = 0
  if ($0 ~ /BOOTFB|efifb|vesafb|simplefb|simpledrm|simple-framebuffer/) {
    for (i = 1; i <= top; i++) {
      if (!said[i] && (i == top || line[i] ~ /:[0-9a-f][0-9a-f]:[0-9a-f][0-9a-f]\\.[0-7]$/)) print line[i]
      said[i] = 1
    }
  }
}' /proc/iomem
''',helpers='''
function parse(text: string): Iomem {
  const above: { depth: number; device: string }[] = []
  return lines(looked(text)).flatMap((line) => {
    const [, indent = '', range, name = ''] = /^( *)([0-9a-f]+-[0-9a-f]+) : (.{1,200}?)\\s*$/i.exec(line) ?? []
    if (range === undefined) return []
    while ((above.at(-1)?.depth ?? -1) >= indent.length) above.pop()
    if (/^[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\\.[0-7]$/i.test(name)) {
      above.push({ depth: indent.length, device: withDomain(name) })
    }
    if (!/BOOTFB|efifb|vesafb|simplefb|simpledrm|simple-framebuffer/.test(name)) return []
    return [{ range, name, device: above.at(-1)?.device ?? null }]
  })
}
''')
probe('guests','','parse',T('isRefusal','lines')+"\nimport { withDomain } from '../address.ts'\n"+NL,extra="  maxBytes: 2 * 1024 * 1024,\n",schema=[("a BDF, or a slot without function for all functions. */","a BDF, or a slot without function for all functions. `id` is 0 where the text of a single `qm config` does not show it. */")],sh='''
[ -e /etc/pve ] || exit 0
here=$(cd -P /etc/pve/local 2>/dev/null && pwd -P) || here=/etc/pve/nodes/$(uname -n | cut -d . -f 1)
here=/etc/pve/nodes/${here##*/}
[ -r "$here" ] || exit 1
set --
for file in "$here"/qemu-server/*.conf "$here"/lxc/*.conf; do
  [ -e "$file" ] && set -- "$@" "$file"
done
[ $# -gt 0 ] || exit 0
grep -aH '' "$@" 2>&1
[ $? -lt 2 ]
''',helpers='''
type Guest = Guests[number]

function parse(text: string): Guests {
  const guests = new Map<string, { guest: Guest; live: boolean }>()
  for (const raw of lines(text)) {
    if (isRefusal(raw)) throw new NotLearned(`could not look: ${raw.trim()}`)
    const [all = '', kind, id] = /^\\/\\S{1,200}?\\/(qemu-server|lxc)\\/(\\d{1,9})\\.conf:/.exec(raw) ?? []
    const open = guests.get(all) ?? { guest: empty(kind === 'lxc' ? 'lxc' : 'qemu', Number(id ?? 0)), live: true }
    const line = raw.slice(all.length)
    // A section is a snapshot or a change that waits; the guest itself stands before the first one.
    if (/^\\[/.test(line)) open.live = false
    const [, key, value] = /^([A-Za-z][\\w.-]*)\\s*[:=]\\s*(.*?)\\s*$/.exec(line) ?? []
    if (key !== undefined && value !== undefined && open.live) open.guest.config[key] = value
    if (all || key !== undefined) guests.set(all, open)
  }
  if (guests.size === 0 && text.trim() !== '') throw new NotLearned('no guest configuration in it')
  return [...guests.values()].map(({ guest }) => finished(guest))
}

const empty = (kind: Guest['kind'], id: number): Guest => ({ id, kind, name: null, onboot: false, config: {}, hostpci: [] })

function finished(guest: Guest): Guest {
  const { config } = guest
  return {
    ...guest,
    name: config.name ?? config.hostname ?? null,
    onboot: config.onboot === '1',
    hostpci: Object.entries(config).flatMap(([key, value]) => (/^hostpci\\d+$/.test(key) ? [hostpci(key, value)] : [])),
  }
}

function hostpci(key: string, value: string): Guest['hostpci'][number] {
  const options: Record<string, string> = {}
  for (const part of value.split(',').map((each) => each.trim())) {
    const equals = part.indexOf('=')
    if (equals === -1) options.host ??= part
    else options[part.slice(0, equals)] = part.slice(equals + 1)
  }
  const { host = '', mapping = null, ...rest } = options
  return { key, addresses: host.split(';').filter(Boolean).map(withDomain), mapping, options: rest }
}
''')
probe('running','','parse',T('lines','looked'),sh='''
[ -e /etc/pve ] || [ -e /run/qemu-server ] || exit 0
set --
if [ -e /run/qemu-server ]; then
  [ -r /run/qemu-server ] || exit 1
  for file in /run/qemu-server/*.pid; do
    [ -r "$file" ] && read -r pid <"$file" && [ -r "/proc/$pid/cmdline" ] && set -- "$@" "/proc/$pid/cmdline"
  done
fi
# A pid file may be left over: the process has to name it.
[ $# -eq 0 ] || grep -aoE 'qemu-server/[0-9]+\\.pid' -- "$@" /dev/null | sed 's|.*qemu-server/\\([0-9]*\\)\\.pid$|qemu \\1|'
sed -n 's|.*@/var/lib/lxc/\\([0-9]*\\)/command$|lxc \\1|p' /proc/net/unix
''',helpers='''
function parse(text: string): Running {
  const found = new Map<string, Running[number]>()
  for (const line of lines(looked(text))) {
    const [all, kind, id] = /^\\s*(qemu|lxc)\\s+(\\d{1,9})\\s*$/.exec(line) ?? []
    if (all !== undefined) found.set(all.trim(), { kind: kind === 'lxc' ? 'lxc' : 'qemu', id: Number(id) })
  }
  return [...found.values()]
}
''')
probe('mappings','','parse',T('isRefusal','lines','whole')+"\nimport { withDomain } from '../address.ts'\n"+NL,sh='''
[ -e /etc/pve ] || exit 0
[ -e /etc/pve/nodes ] || exit 1
[ -e /etc/pve/mapping/pci.cfg ] || exit 0
cat /etc/pve/mapping/pci.cfg
''',helpers='''
function parse(text: string): Mappings {
  const mappings: Mappings = []
  for (const line of lines(text)) {
    if (isRefusal(line)) throw new NotLearned(`could not look: ${line.trim()}`)
    const [, name] = /^(?:pci:\\s*)?([A-Za-z][\\w.-]*)\\s*$/.exec(line) ?? []
    if (name !== undefined) mappings.push({ name, entries: [] })
    const [, map] = /^\\s+map\\s+(\\S+)\\s*$/.exec(line) ?? []
    if (map !== undefined) mappings.at(-1)?.entries.push(...entry(map))
  }
  if (mappings.length === 0 && text.trim() !== '') throw new NotLearned('no mapping in it')
  return mappings
}

function entry(map: string): Mappings[number]['entries'] {
  const values = new Map(map.split(',').map((part) => [part.split('=', 1)[0], part.slice(part.indexOf('=') + 1)]))
  const node = values.get('node')
  if (!node) return []
  const paths = (values.get('path') ?? '').split(';').filter(Boolean).map(withDomain)
  return [{ node, id: values.get('id') ?? null, paths, iommuGroup: whole(values.get('iommugroup')) }]
}
''')
probe('tasks','','parse',T('filled','isRefusal')+'\n'+NL,extra="  whenCut: (all) => all.slice(0, -1),\n",sh='''
dir=/var/log/pve/tasks
[ -e "$dir" ] || { [ ! -e /etc/pve ]; exit; }
[ -r "$dir" ] || exit 1
for file in "$dir/active" "$dir/index" "$dir/index.1"; do
  [ ! -e "$file" ] || [ -r "$file" ] || exit 1
done
# In `active` the status comes after a flag and the end time, in `index` after the end time.
cat "$dir/active" "$dir/index" "$dir/index.1" 2>/dev/null | awk '
/:qmstart:/ {
  first = ($2 == "0" || $2 == "1") ? 4 : 3
  if ($first == "" || $first == "OK" || $first == "WARNINGS:" || seen[$1]++) next
  split($1, part, ":")
  print part[5], $1
}' | sort -r | head -n 5 | while read -r time upid; do
  printf '%s\\n' "$upid"
  tail -n 100 "$dir/${time#"${time%?}"}/$upid"
  echo
done
''',helpers='''
function parse(text: string): Tasks {
  const said = filled(text)
  if (said.length > 0 && said.every(isRefusal)) throw new NotLearned(`could not look: ${said[0]?.trim()}`)
  const tasks: Tasks = []
  for (const line of said) {
    const [all, start, type, guest] =
      /^UPID:[^:\\s]+:[0-9A-Fa-f]{8}:[0-9A-Fa-f]{8,9}:([0-9A-Fa-f]{8}):([^:\\s]+):([^:\\s]*):[^:\\s]+:/.exec(line) ?? []
    if (all !== undefined && start !== undefined) {
      const id = /^\\d{1,9}$/.test(guest ?? '') && /^(?:qm|vz|ha|pct)/.test(type ?? '') ? Number(guest) : null
      const error = /^\\s+[0-9A-Fa-f]{8}\\s+(\\S.*)$/.exec(line.slice(all.length))?.[1] ?? null
      tasks.push({ upid: all, guest: id, startedAt: Number.parseInt(start, 16), lines: [], error })
      continue
    }
    if (tasks.length === 0) tasks.push({ upid: null, guest: null, startedAt: null, lines: [], error: null })
    tasks.at(-1)?.lines.push(line.trimEnd())
  }
  return tasks.map(withError)
}

function withError(task: Tasks[number]): Tasks[number] {
  const [, error] = /^TASK ERROR: (.*)$/.exec(task.lines.at(-1) ?? '') ?? []
  return error === undefined ? task : { ...task, lines: task.lines.slice(0, -1), error }
}
''')
probe('host-devices','','parse',T('content','lines')+"\nimport { FULL_ADDRESS, withDomain } from '../address.ts'\n"+NL,extra="  seconds: 10,\n",sh='''
# Everything is gathered first: half a list would make a device look free that is not.
found=
newline='
'
tell() {
  case "$newline$found" in
    *"$newline$1 $2 $3$newline"*) ;;
    *) found="$found$1 $2 $3$newline" ;;
  esac
}
# The PCI device at the end of a sysfs path, and the one before it where that makes a domain of its own (VMD).
place() {
  address='' outer=''
  rest=$1/
  while [ -n "$rest" ]; do
    part=${rest%%/*}
    rest=${rest#*/}
    case $part in
      pci*:*) outer=$address ;;
      *[0-9a-f]:[0-9a-f][0-9a-f]:[0-9a-f][0-9a-f].[0-7]) address=$part ;;
    esac
  done
}
stands() {
  path=$(cd -P "$3" 2>/dev/null && pwd -P) || return
  place "$path"
  [ -z "$address" ] || tell "$1" "$2" "$address"
  [ -z "$outer" ] || tell "$1" "$2" "$outer"
  if [ -e "$3/physfn" ]; then stands "$1" "$2" "$3/physfn"; fi
}
disk() {
  if [ -e "$2/partition" ]; then
    disk "$1" "$2/.."
    return
  fi
  below=no
  for slave in "$2"/slaves/*; do
    [ -e "$slave" ] || continue
    below=yes
    disk "$1" "$slave"
  done
  [ "$below" = no ] || return
  case $(cd -P "$2" 2>/dev/null && pwd -P) in
    */nvme-subsystem/*)
      for controller in "$2"/../nvme*; do
        [ -e "$controller/address" ] && stands disk "$1" "$controller"
      done
      ;;
    *) stands disk "$1" "$2" ;;
  esac
}
block() {
  case $2 in
    /dev/mapper/*)
      for name in /sys/class/block/dm-*/dm/name; do
        [ -r "$name" ] && read -r mapped <"$name" && [ "/dev/mapper/$mapped" = "$2" ] && disk "$1" "${name%/dm/name}"
      done
      ;;
    /dev/*)
      real=$(readlink -f "$2")
      [ -e "/sys/class/block/${real##*/}" ] && disk "$1" "/sys/class/block/${real##*/}"
      ;;
  esac
}
while read -r _ _ number _ point _ rest; do
  rest=" $rest"
  rest=${rest#* - }
  rest=${rest#* }
  case $rest in
    /dev/loop*) ;;
    /dev/*)
      if [ -e "/sys/dev/block/$number" ]; then
        disk "$point" "/sys/dev/block/$number"
      else
        block "$point" "${rest%% *}"
      fi
      ;;
  esac
done </proc/self/mountinfo
while read -r swap kind _; do
  [ "$kind" = partition ] && block swap "$swap"
done </proc/swaps
for member in /sys/fs/btrfs/*/devices/*; do
  [ -e "$member" ] && disk btrfs "$member"
done
for uuid in /sys/class/block/dm-*/dm/uuid; do
  [ -r "$uuid" ] && read -r id <"$uuid" && case $id in LVM-*) disk lvm "${uuid%/dm/uuid}" ;; esac
done
if [ -e /proc/spl/kstat/zfs ]; then
  pools=$(zpool status -LP) || exit 1
  while read -r first second _; do
    case $first in
      pool:) pool=$second ;;
      /dev/*) block "$pool" "$first" ;;
    esac
  done <<POOLS
$pools
POOLS
fi

used=' ovs-system '
list=$(ip -o addr show scope global) || exit 1
while read -r _ name _; do
  [ -n "$name" ] && used="$used${name%%@*} "
done <<LIST
$list
LIST
while read -r name to _; do
  [ "$to" = 00000000 ] && used="$used$name "
done </proc/net/route
# Upwards from a network card: whatever is a bridge, or has an address or the default route, stands on it.
climb() {
  case $used in
    *" $2 "*) stands nic "$2" "/sys/class/net/$1/device" ;;
    *) [ ! -d "/sys/class/net/$2/bridge" ] || stands nic "$2" "/sys/class/net/$1/device" ;;
  esac
  for upper in "/sys/class/net/$2"/upper_* "/sys/class/net/$2/master"; do
    [ -e "$upper" ] || continue
    name=${upper##*/upper_}
    [ "$upper" != "/sys/class/net/$2/master" ] || { name=$(readlink "$upper"); name=${name##*/}; }
    climb "$1" "$name"
  done
}
for card in /sys/class/net/*; do
  [ -e "$card/device" ] && climb "${card##*/}" "${card##*/}"
done

for vga in /sys/bus/pci/devices/*/boot_vga; do
  [ -r "$vga" ] && read -r first <"$vga" && [ "$first" = 1 ] && stands console boot_vga "${vga%/boot_vga}"
done
printf '%s' "$found"
''',helpers='''
function parse(text: string): HostDevices {
  const devices = lines(content(text)).flatMap((line) => {
    const [, use, name, address = ''] = /^\\s*(disk|nic|console)\\s+(\\S+)\\s+(\\S+)\\s*$/.exec(line) ?? []
    const full = withDomain(address)
    return use !== undefined && name !== undefined && FULL_ADDRESS.test(full) ? [{ use, name, address: full }] : []
  })
  if (devices.length === 0) throw new NotLearned('no device in it')
  return devices
}
''')
probe('cluster','','parse',T('content','pairs','yesNo')+'\n'+NL,sh='''
if [ ! -e /etc/pve ]; then
  echo 'members: 1'
  exit 0
fi
[ -r /etc/pve/.members ] || exit 1
members=$(cat /etc/pve/.members) || exit 1
case $members in
  *'"cluster"'*)
    printf '%s\\n' "$members" | sed -n -e 'h;s/.*"nodes": *\\([0-9]*\\).*/members: \\1/p' \\
      -e 'g;s/.*"quorate": *1.*/quorate: yes/p;g;s/.*"quorate": *0.*/quorate: no/p'
    corosync-quorumtool -s | sed -n -e 's/^Expected votes: */expected-votes: /p' -e 's/^Total votes: */total-votes: /p'
    ;;
  *) printf 'members: 1\\nquorate: yes\\n' ;;
esac
if [ -e /etc/pve/ha/resources.cfg ]; then
  sed -n 's/^\\([a-z]*\\): *\\([^ ]*\\)$/ha: \\1:\\2/p' /etc/pve/ha/resources.cfg
fi
if [ -e /etc/pve/ha/manager_status ]; then
  node=$(uname -n | cut -d . -f 1)
  case $(tr -d ' \\n' </etc/pve/ha/manager_status) in
    *'"node_status":{'*"\\"$node\\":\\"maintenance\\""*) echo 'maintenance: yes' ;;
  esac
fi
exit 0
''',helpers='''
function parse(text: string): Cluster {
  const said = pairs(content(text))
  const key = (wanted: string) => said.find(([name]) => name === wanted)?.[1] || null
  const cluster: Cluster = {
    members: whole(key('members')),
    quorate: yesNo(key('quorate')),
    expectedVotes: whole(key('expected-votes')),
    totalVotes: whole(key('total-votes')),
    ha: said.flatMap(([name, value]) => (name === 'ha' && value ? [value] : [])),
    maintenance: key('maintenance'),
  }
  if (cluster.members === null && cluster.quorate === null && cluster.expectedVotes === null) {
    throw new NotLearned('nothing of a cluster in it')
  }
  return cluster
}
''')
s=open('probes/cluster.ts').read().replace("{ content, pairs, yesNo }","{ content, pairs, whole, yesNo }"); open('probes/cluster.ts','w').write(s)
probe('memory','','parse',T('content','keyed','lines','whole')+'\n'+NL,sh='''
cat /proc/meminfo || exit 1
# The limit that guests inherit.
if [ -r /run/pvedaemon.pid ] && read -r pid <"/run/pvedaemon.pid"; then
  grep '^Max locked memory' "/proc/$pid/limits"
fi
exit 0
''',schema=[("/** Memory in KiB. */","/** Memory in KiB. A locked-memory limit that is unlimited is `Number.MAX_SAFE_INTEGER`. */")],helpers='''
function parse(text: string): Memory {
  const key = keyed(content(text))
  const kib = (name: string) => whole(key(name)?.replace(/\\s*kB$/, ''))
  const memory: Memory = {
    totalKib: kib('MemTotal'),
    availableKib: kib('MemAvailable'),
    hugePagesTotal: kib('HugePages_Total'),
    memlockKib: lines(text).map(memlock).find((limit) => limit !== null) ?? null,
  }
  if (Object.values(memory).every((value) => value === null)) throw new NotLearned('nothing of memory in it')
  return memory
}

/** From /proc/<pid>/limits (bytes), from `ulimit -l` (KiB), or from a line of `ulimit -a`. */
function memlock(line: string): number | null {
  const [, bytes] = /^Max locked memory\\s+(\\d{1,15}|unlimited)\\b/.exec(line) ?? []
  const [, kib] = /^(?:memlock:\\s*|max locked memory\\s.{0,40}?\\s)?(\\d{1,15}|unlimited)\\s*$/.exec(line) ?? []
  if (bytes === 'unlimited' || kib === 'unlimited') return Number.MAX_SAFE_INTEGER
  return bytes === undefined ? whole(kib) : Math.floor(Number(bytes) / 1024)
}
''')
probe('clock','','parse',T('content','keyed','whole','yesNo')+'\n'+NL,sh='''
echo "system: $(date +%s)"
rtc=/sys/class/rtc/rtc0
if [ -r "$rtc/date" ] && read -r day <"$rtc/date" && read -r time <"$rtc/time"; then
  echo "rtc: $day $time"
fi
utc=yes
if [ -e /etc/adjtime ]; then
  case $(sed -n 3p /etc/adjtime) in
    LOCAL*) utc=no ;;
    UTC* | '') ;;
    *) utc=unknown ;;
  esac
fi
echo "rtc-utc: $utc"
''',helpers='''
function parse(text: string): Clock {
  const key = keyed(content(text))
  const clock = { system: seconds(key('system')), rtc: seconds(key('rtc')), rtcInUtc: yesNo(key('rtc-utc')) }
  if (clock.system === null && clock.rtc === null) throw new NotLearned('no time in it')
  return clock
}

/** Seconds since 1970 as they stand, or a date and time read as if it were UTC. */
function seconds(value: string | null): number | null {
  const plain = whole(value)
  if (plain !== null) return plain
  const [, day, time] = /^(\\d{4}-\\d\\d-\\d\\d)[ T](\\d\\d:\\d\\d:\\d\\d)/.exec(value ?? '') ?? []
  const at = day === undefined ? Number.NaN : Date.parse(`${day}T${time}Z`)
  return Number.isNaN(at) ? null : at / 1000
}
''')
probe('pvesh-pci','`command -v pvesh >/dev/null || exit 127\npvesh get "/nodes/$(uname -n | cut -d . -f 1)/hardware/pci" --pci-class-blacklist "" --output-format json`','parse',T('content')+"\nimport { withDomain } from '../address.ts'\n"+NL,extra="  slow: true,\n  seconds: 30,\n  maxBytes: 1024 * 1024,\n",helpers='''
const Listed = z.array(z.object({ id: z.string(), iommugroup: z.coerce.number().int() }))

function parse(text: string): PveshPci {
  let raw: unknown
  try {
    raw = JSON.parse(content(text))
  } catch (error) {
    throw error instanceof NotLearned ? error : new NotLearned('not JSON')
  }
  return Listed.parse(raw).map(({ id, iommugroup }) => ({ id: withDomain(id), iommuGroup: iommugroup }))
}
''')
probe('locks','','parse',T('filled','isRefusal')+'\n'+NL,sh='''
if [ -e /etc/pve ]; then
  [ -r /etc/pve/local/ ] || exit 1
  for file in /etc/pve/local/qemu-server/*.conf /etc/pve/local/lxc/*.conf; do
    [ -e "$file" ] && set -- "$@" "$file"
  done
  [ $# -eq 0 ] || awk '
    FNR == 1 { live = 1 }
    /^\\[/ { live = 0 }
    live && /^lock:/ { id = FILENAME; gsub(/.*\\/|\\.conf$/, "", id); print "guest", id, "locked:", $2 }
  ' "$@"
fi
active=/var/log/pve/tasks/active
if [ -e "$active" ]; then
  while read -r upid _ ended _; do
    [ -z "$ended" ] || continue
    rest=${upid#UPID:*:}
    [ -e "/proc/$((0x${rest%%:*}))" ] || continue
    type=${rest#*:*:*:}
    case $type in
      vncproxy* | spiceproxy* | vncshell* | spiceshell* | termproxy*) ;;
      *) echo "task ${type%%:*} $upid" ;;
    esac
  done <"$active" || exit 1
fi
state=/var/lib/pve-manager/pve-replication-state.json
if [ -r "$state" ]; then
  for pid in $(grep -oE '"pid":"?[0-9]+' "$state" | grep -oE '[0-9]+$'); do
    [ ! -e "/proc/$pid" ] || echo "replication pid $pid"
  done
fi
inodes=$(stat -c '%i %n' /var/lib/dpkg/lock-frontend /var/lib/dpkg/lock /var/lib/apt/lists/lock)
while read -r _ _ _ _ pid place _; do
  case $inodes in
    *"${place##*:} /var/lib/"*)
      printf '%s\\n' "$inodes" | sed -n "s|^${place##*:} |package lock (pid $pid): |p"
      ;;
  esac
done </proc/locks
exit 0
''',helpers='''
function parse(text: string): Locks {
  const said = filled(text).map((line) => line.trim())
  const refusal = said.find(isRefusal)
  if (refusal !== undefined) throw new NotLearned(`could not look: ${refusal}`)
  return said
}
''')
probe('health','','parse',T('content','pairs','whole')+'\n'+NL,sh='''
failed=$(systemctl list-units --state=failed --plain --no-legend --no-pager) || exit 1
faults=$(dmesg || journalctl -q -k -b --no-pager) || exit 1
for link in /sys/class/net/*; do
  name=${link##*/}
  case $name in lo | tap* | veth* | fwbr* | fwln* | fwpr* | bonding_masters) continue ;; esac
  [ -r "$link/address" ] || continue
  mac='' state=''
  read -r mac <"$link/address"
  read -r state <"$link/operstate"
  echo "nic: $name $mac $state"
  [ -d "$link/brif" ] || continue
  ports=
  for port in "$link"/brif/*; do
    case ${port##*/} in '*' | tap* | veth* | fwln* | fwpr*) ;; *) ports="$ports ${port##*/}" ;; esac
  done
  echo "bridge: $name$ports"
done
while read -r _ _ _ _ point _ rest; do
  rest=" $rest"
  rest=${rest#* - }
  case ${rest%% *} in
    ext[234] | xfs | btrfs | zfs | vfat | nfs | nfs4 | cifs | ceph | f2fs | fuse | fuseblk | fuse.glusterfs) echo "mount: $point ${rest%% *}" ;;
  esac
done </proc/self/mountinfo
[ -z "$failed" ] || printf '%s\\n' "$failed" | sed 's/^[^[:alnum:]]*\\([^ ]*\\).*/failed-unit: \\1/'
printf 'dma-faults: %s\\n' "$(printf '%s\\n' "$faults" | grep -cE 'DMAR: \\[?(DMA|INTR-REMAP).*fault|AMD-Vi: Event logged|IO_PAGE_FAULT')"
''',helpers='''
function parse(text: string): Health {
  const said = pairs(content(text))
  const all = (key: string) => said.flatMap(([name, value]) => (name === key && value ? [value.split(/\\s+/)] : []))
  const faults = whole(said.find(([name]) => name === 'dma-faults')?.[1])
  if (faults === null) throw new NotLearned('the output is not complete: no dma-faults line')
  return {
    nics: all('nic').map(([name = '', mac = '', state = '']) => ({ name, mac, state })),
    bridges: all('bridge').map(([name = '', ...ports]) => ({ name, ports })),
    mounts: all('mount').map(([target = '', fs = '']) => ({ target, fs })),
    failedUnits: all('failed-unit').map(([unit = '']) => unit),
    dmaFaults: faults,
  }
}
''')
