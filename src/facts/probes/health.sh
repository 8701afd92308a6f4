system=$(systemctl is-system-running)
[ -n "$system" ] || exit 1
failed=$(systemctl list-units --state=failed --plain --no-legend --no-pager) || exit 1
faults=$(dmesg || journalctl -q -k -b --no-pager) || exit 1
for link in /sys/class/net/*; do
  name=${link##*/}
  case $name in lo | tap* | veth* | fwbr* | fwln* | fwpr* | bonding_masters) continue ;; esac
  [ -r "$link/address" ] || continue
  mac='' state=''
  read -r mac <"$link/address"
  read -r state <"$link/operstate"
  device=$(readlink -f "$link/device") || device=
  case ${device##*/} in *:*:*.*) device=" ${device##*/}" ;; *) device= ;; esac
  echo "nic: $name $mac $state$device"
  [ -d "$link/brif" ] || continue
  ports=
  for port in "$link"/brif/*; do
    case ${port##*/} in '*' | tap* | veth* | fwln* | fwpr*) ;; *) ports="$ports ${port##*/}" ;; esac
  done
  echo "bridge: $name$ports"
done
while read -r _ _ _ _ point options rest; do
  rest=" $rest"
  rest=${rest#* - }
  case ${rest%% *} in
    ext[234] | xfs | btrfs | zfs | vfat | nfs | nfs4 | cifs | ceph | f2fs | fuse | fuseblk | fuse.glusterfs)
      case ,$options,${rest##* }, in *,ro,*) read_only=' ro' ;; *) read_only= ;; esac
      echo "mount: $point ${rest%% *}$read_only"
      ;;
  esac
done </proc/self/mountinfo
[ -z "$failed" ] || printf '%s\n' "$failed" | sed 's/^[^[:alnum:]]*\([^ ]*\).*/failed-unit: \1/'
printf 'system: %s\n' "$system"
printf 'dma-faults: %s\n' "$(printf '%s\n' "$faults" | grep -cE 'DMAR: \[?(DMA|INTR-REMAP).*fault|AMD-Vi: Event logged|IO_PAGE_FAULT')"
