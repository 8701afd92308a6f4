# File systems that a boot loader reads and nobody has mounted: ESPs, and the one of the trial's flag.

# try_fs UUID: finds or mounts the file system with that UUID; $at is where it is, $own whether we mounted it. Where it cannot
# be had, $why says so.
try_fs() {
  own=no
  device=$(readlink -f "/dev/disk/by-uuid/$1" 2>/dev/null)
  why="no file system with the UUID $1"
  [ -b "${device:-/nothing}" ] || return 1
  at=$(findmnt -nro TARGET,FSROOT -S "$device" | awk '$2 == "/" { print $1; exit }')
  if [ -z "$at" ]; then
    at=$run_in/flag
    why="the file system $1 cannot be mounted"
    mkdir -p "$at" || die write "$at cannot be made"
    mount "$device" "$at" || return 1
    own=yes
  fi
}
on_fs() {
  try_fs "$1" || die no-flag "$why"
}
off_fs() {
  flush_fs
  leave_fs
}
flush_fs() {
  sync -f "$at" || die write "the file system at $at could not be flushed"
}
leave_fs() {
  [ "$own" = no ] || umount "$at" || die no-flag "the file system at $at cannot be unmounted"
}

# for_esps FUNCTION ARG...: on every ESP that proxmox-boot-tool keeps and that can be had, each mounted at $at for that time. The
# others are told of ($missing says why of the last): the disk of a mirror that died must not stand in the way of going back.
for_esps() {
  missing=
  [ -s /etc/kernel/proxmox-boot-uuids ] || die no-esp "proxmox-boot-tool keeps no ESP"
  while read -r uuid || [ -n "$uuid" ]; do
    [ -n "$uuid" ] || continue
    if try_fs "$uuid"; then
      "$@"
      leave_fs
    else
      missing=$why
      printf 'gone %s\n' "$why"
    fi
  done </etc/kernel/proxmox-boot-uuids
}

# show_esps: what systemd-boot and GRUB read on every ESP, each file named UUID:/PATH.
show_esps() {
  for_esps show_esp
}
show_esp() {
  for file in "$at/loader/loader.conf" "$at"/loader/entries/*.conf "$at"/grub/grub.cfg "$at"/grub/custom.cfg "$at"/grub/grubenv; do
    [ ! -e "$file" ] || printf 'file %s %s\n' "$uuid:${file#"$at"}" "$(base64 <"$file" | tr -d '\n')"
  done
}

# on_esp UUID ACT PATH ARG...: an act on a file, done on a file of that ESP.
on_esp() {
  on_fs "$1"
  do=$2
  path=$at$3
  shift 3
  "$do" "$path" "$@" || exit 1
  off_fs
}

# on_esp_if_there UUID ACT PATH ARG...: the same, where that ESP can be had.
on_esp_if_there() {
  if try_fs "$1"; then
    leave_fs
    on_esp "$@"
  else
    printf 'gone %s\n' "$why"
  fi
}

# write_on_esps PATH SHA <<base64: a file of lanekeeper's own on every ESP, and none may be missing.
write_on_esps() {
  blob=$(cat)
  for_esps write_on_esp "$1" "$2"
  [ -z "$missing" ] || die no-esp "$missing"
}
write_on_esp() {
  printf '%s\n' "$blob" | anew "$at$1" 644 "$2" || exit 1
  flush_fs
}

# drop_on_esps PATH: that file is on no ESP any more.
drop_on_esps() {
  for_esps drop_on_esp "$1"
}
drop_on_esp() {
  drop "$at$1" any
  flush_fs
}

# expect_default_on_esps: each ESP starts what a refresh would make it start, the pinned kernel or else the newest; where one does not,
# a refresh would change which kernel boots, too.
expect_default_on_esps() {
  [ ! -s /etc/kernel/proxmox-boot-uuids ] || for_esps expect_default_on_esp
  printf 'ok expect_default_on_esps\n'
}
expect_default_on_esp() {
  default_agrees || die changed "the ESP $uuid starts ${starts:-no entry by name}, and a refresh would make that ${pinned:-the newest kernel}: run proxmox-boot-tool refresh, or change the pin"
}

# default_agrees: the ESP at $at starts the pinned kernel, or names none where none is pinned ($pinned; $starts is what it names).
# Which loader a refresh writes for is decided as Proxmox does: systemd-boot under UEFI, unless its GRUB lies there.
default_agrees() {
  if [ -d /sys/firmware/efi ] && [ ! -e "$at/EFI/proxmox/grubx64.efi" ]; then
    [ -e "$at/loader/loader.conf" ] || return 0
    pinned=$(pin_that_counts)
    starts=$(sed -n 's/^default[[:space:]]*//p' "$at/loader/loader.conf" | tail -n 1)
    if [ -n "$pinned" ]; then [ "$starts" = "proxmox-$pinned.conf" ]; else [ "$starts" = 'proxmox-*' ]; fi
  else
    [ ! -e "$at/grub/grub.cfg" ] || grub_names_pin "$at/grub/grub.cfg"
  fi
}

# boot_tool ARGUMENT...: proxmox-boot-tool; what it said when it fails.
boot_tool() {
  said=$(timeout -k 10 300 proxmox-boot-tool "$@" 2>&1 </dev/null) || die tool "proxmox-boot-tool $* failed: $(printf '%s' "$said" | tail -n 3)"
  printf 'ok proxmox-boot-tool %s\n' "$*"
}

# refresh_esps: every ESP that proxmox-boot-tool keeps, written anew. Its exit status says little: it passes over an ESP that it cannot
# mount, does not know, or cannot unmount, and reports success all the same; only its words tell.
refresh_esps() {
  boot_tool refresh
  case $said in
    *"'zz-proxmox-boot' not found or not executable"* | *' failed - failure'*)
      die tool "proxmox-boot-tool refresh wrote not every ESP: $(printf '%s' "$said" | grep -E 'not executable|failed - failure' | head -n 3)" ;;
  esac
  printf '%s\n' "$said" | sed -n \
    -e 's|^WARN: /dev/disk/by-uuid/\([^ ]*\) does not exist.*|gone no file system with the UUID \1|p' \
    -e 's|^WARN: \(.*\) read from .* does not look like a VFAT-UUID.*|gone \1 is no UUID of an ESP|p' \
    -e 's|^mount of /dev/disk/by-uuid/\([^ ]*\) failed.*|gone the file system \1 cannot be mounted|p' \
    -e 's|^creation of mountpoint .*/\([^ /]*\) failed.*|gone the file system \1 cannot be mounted|p' \
    -e 's|^/dev/disk/by-uuid/\([^ /]*\)\(.*[^ ]\) *- skipping$|gone proxmox-boot-tool passes over \1: \1\2|p'
  sync
  printf 'ok refresh_esps\n'
}

# refresh_esps_again NOTE: every ESP as the files are now, where the note is there: the change had begun to write.
refresh_esps_again() {
  if [ -s "$1" ]; then refresh_esps; else printf 'ok refresh_esps_again already\n'; fi
}
