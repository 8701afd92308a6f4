vars=/sys/firmware/efi/efivars
if [ -d /sys/firmware/efi ]; then
  [ -r "$vars" ] || exit 1
  shim=no
  for var in "$vars"/MokListRT-* "$vars"/SbatLevelRT-*; do [ -e "$var" ] && shim=yes; done
  info=$vars/LoaderInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f
  # Through a pipe: efivarfs has no seek, and tail gives up without one. The first four bytes are the variable's attributes.
  # shellcheck disable=SC2002
  [ ! -e "$info" ] || printf 'loader-info: %s\n' "$(cat "$info" | tail -c +5 | tr -d '\000')"
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
          000[01][0-7][0-7]) title=$title\\$1 ;;
          *) title="$title?" ;;
        esac
        shift 2
      done
      # shellcheck disable=SC2059
      title=$(printf "$title")
    fi
    printf 'boot-current: Boot%s%s %s\n' "$number" "$active" "$title"
  fi
  echo "shim: $shim"
  if command -v bootctl >/dev/null; then echo 'bootctl: yes'; else echo 'bootctl: no'; fi
  if [ -w "$vars" ]; then echo 'efivars-writable: yes'; else echo 'efivars-writable: no'; fi
else
  echo 'shim: no'
fi
# Every ESP, mounted or not: a Proxmox installer makes one on each disk.
list=$(lsblk -Ppo NAME,PARTTYPE,UUID,FSTYPE,MOUNTPOINT) || exit 1
printf '%s\n' "$list" | sed -n \
  -e 's/^NAME="\([^"]*\)" PARTTYPE="c12a7328-[^"]*" UUID="\([^"]*\)" FSTYPE="\([^"]*\)" MOUNTPOINT="\([^"]*\)".*/esp: \1 \2, \3, \4,/' \
  -e '/^esp: /{s/ ,/ -,/g;s/,\( \|$\)/\1/g;p;}'
exit 0
