# Everything is gathered first: half a list would make a device look free that is not.
found='' seen=' '
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
  case $2 in
    */..) ;;
    *)
      case "$seen" in *" $1:${2##*/} "*) return ;; esac
      seen="$seen$1:${2##*/} "
      ;;
  esac
  below=no
  for slave in "$2"/slaves/*; do
    [ -e "$slave" ] || continue
    disk "$1" "$slave"
    below=yes
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
  # shellcheck disable=SC2046
  set -- $(printf '%s\n' "$pools" | while read -r first second _; do
    case $first in
      pool:) pool=$second ;;
      /dev/*) echo "$pool $first" ;;
    esac
  done)
  while [ $# -ge 2 ]; do
    block "$1" "$2"
    shift 2
  done
fi

used=' ovs-system '
list=$(ip -o addr show scope global) || exit 1
used=$used$(printf '%s\n' "$list" | while read -r _ name _; do printf '%s ' "${name%%@*}"; done)
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
