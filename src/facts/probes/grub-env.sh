# What /boot/grub lies on: the longest mount point above it, the later one when a place is mounted over.
place=/boot/grub/ best='' device='' options='' tail=''
while read -r _ _ number _ point flags rest; do
  case $place in
    "${point%/}"/*) [ "${#point}" -ge "${#best}" ] || continue ;;
    *) continue ;;
  esac
  rest=" $rest"
  best=$point device=$number options=$flags tail=${rest#* - }
done </proc/self/mountinfo
fs=${tail%% *}
source=${tail#* }
source=${source%% *}
kinds='' disks=''
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
  else
    path=$(readlink -f "$1")
    disks="$disks ${path##*/}"
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
printf '%s\n' "boot-source: $source" "boot-fs: $fs" "boot-stack: $stack"
[ -z "$disks" ] || echo "boot-disks:$disks"
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
printf "%s" "${GRUB_DEFAULT-}" >&3') && [ -n "$value" ] && printf 'grub-default: %s\n' "$value"
if [ -e /boot/grub/custom.cfg ]; then
  sum=$(sha256sum /boot/grub/custom.cfg) && echo "custom-cfg: ${sum%% *}"
elif [ -x /boot/grub ]; then
  echo 'custom-cfg: absent'
fi
if [ -r /boot/grub/grub.cfg ]; then
  if grep -qE '^[[:space:]]*source[[:space:]].*custom\.cfg' /boot/grub/grub.cfg; then
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
