# What lanekeeper does on a node, as functions of POSIX sh. Each one may be repeated: it compares before it writes, and a
# step that cannot be done safely ends the run with `failed <code> <words>`. Answers are lines on standard output.
set -u
export LC_ALL=C PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
umask 022
run_in=/run/lanekeeper

die() {
  [ "${own:-no}" = no ] || umount "$at" 2>/dev/null
  printf 'failed %s %s\n' "$1" "$(printf '%s' "$2" | tr '\n' ' ')"
  exit 1
}

# sum PATH: sha256 of the file, or the word absent.
sum() {
  if [ -e "$1" ]; then sha256sum <"$1" | cut -d ' ' -f 1; else echo absent; fi
}

# bytes_to PATH: what comes in becomes the file, complete and on disk, or the file stays as it was.
bytes_to() {
  new="${1%/*}/.lanekeeper.new"
  rm -f "$new"
  if [ -e "$1" ]; then cp -p "$1" "$new" 2>/dev/null || { rm -f "$new"; die write "nothing can be written beside $1: no space, or read-only"; }; fi
  cat >"$new" || { rm -f "$new"; die write "writing beside $1: no space, or read-only"; }
  if [ -n "${2:-}" ] && [ "$(sum "$new")" != "$2" ]; then
    rm -f "$new"
    die write "what was written beside $1 is not what was sent: no space?"
  fi
  if [ -n "${3:-}" ] && ! [ -e "$1" ]; then chmod "$3" "$new"; fi
  if ! { sync "$new" && mv -f "$new" "$1" && sync "${1%/*}"; }; then
    rm -f "$new"
    die write "$1 could not be replaced"
  fi
}

# alone: no other script of ours works on this node; what it starts holds the lock too. A busy node is asked again later.
alone() {
  mkdir -p "$run_in" || die write "$run_in cannot be made"
  exec 9>"$run_in/lock" || die write "$run_in cannot be written"
  flock -n 9 || die busy "an earlier act is still at work"
}

# expect PATH SHA: the file is what the plan was made for, and can be replaced later.
expect() {
  [ -L "$1" ] && die changed "$1 is a symbolic link, which is not written through"
  have=$(sum "$1")
  [ "$have" = "$2" ] || die changed "$1 is not what the plan was made for: expected $2, found $have"
  [ -w "${1%/*}" ] || die write "the folder of $1 cannot be written: read-only"
  printf 'ok expect %s\n' "$1"
}

# same_boot ID: goes on only while this boot is still that boot.
same_boot() {
  now=$(cat /proc/sys/kernel/random/boot_id)
  [ "$now" = "$1" ] || die other-boot "this is boot $now, not $1"
}

# put PATH MODE BEFORE AFTER <<base64: compare and write. BEFORE and AFTER are sha256, BEFORE may be absent.
put() {
  [ -L "$1" ] && die changed "$1 is a symbolic link, which is not written through"
  have=$(sum "$1")
  if [ "$have" = "$4" ]; then
    printf 'ok put %s already\n' "$1"
    return
  fi
  [ "$have" = "$3" ] || die changed "$1 is not what the plan was made for: expected $3, found $have"
  mkdir -p "${1%/*}" || die write "the folder of $1 cannot be made: no space, or read-only"
  base64 -d | bytes_to "$1" "$4" "$2" || exit 1
  [ "$(sum "$1")" = "$4" ] || die write "$1 does not read back as it was written"
  printf 'ok put %s\n' "$1"
}

# anew PATH MODE SHA <<base64: a file of lanekeeper's own, whatever stood there.
anew() {
  mkdir -p "${1%/*}" || die write "the folder of $1 cannot be made: no space, or read-only"
  base64 -d | bytes_to "$1" "$3" "$2" || exit 1
  [ "$(sum "$1")" = "$3" ] || die write "$1 does not read back as it was written"
  printf 'ok anew %s\n' "$1"
}

# keep PATH COPY: a copy of the file as it is before the first act; never overwritten.
keep() {
  mkdir -p "${2%/*}" || die write "the folder of $2 cannot be made: no space, or read-only"
  if [ -e "$1" ] && ! [ -e "$2" ]; then
    want=$(sum "$1")
    mode=$(stat -Lc %a "$1")
    bytes_to "$2" "$want" "$mode" <"$1"
  fi
  printf 'ok keep %s %s\n' "$1" "$(sum "$2")"
}

# restore PATH COPY OURS: the kept bytes again, where the file is still what the change made of it (OURS: sha256, or any).
restore() {
  old=$(sum "$2")
  have=$(sum "$1")
  if [ "$old" = absent ]; then die changed "the kept copy $2 is gone"; fi
  if [ "$have" = "$old" ]; then
    printf 'ok restore %s already\n' "$1"
    return
  fi
  if [ "$3" != any ] && [ "$have" != "$3" ]; then die changed "$1 was edited by somebody else: expected $3, found $have"; fi
  mode=$(stat -c %a "$2")
  bytes_to "$1" "$old" "$mode" <"$2"
  printf 'ok restore %s\n' "$1"
}

# can_restore PATH COPY OURS: going back would lose nobody's edit: the file is ours (sha256), or as it was (COPY; empty where there
# was no file). Nothing is written.
can_restore() {
  have=$(sum "$1")
  old=absent
  if [ -n "$2" ]; then
    old=$(sum "$2")
    [ "$old" != absent ] || die changed "the kept copy $2 is gone"
  fi
  case $have in
    "$old" | "$3") printf 'ok can_restore %s\n' "$1" ;;
    *) die changed "$1 was edited by somebody else: expected $3, found $have" ;;
  esac
}

# take_back PATH COPY OURS: the kept bytes again where the file is ours (sha256); somebody else's edit is left alone, and told of.
take_back() {
  have=$(sum "$1")
  old=$(sum "$2")
  if [ "$have" = "$old" ]; then
    printf 'ok take_back %s already\n' "$1"
  elif [ "$have" = "$3" ]; then
    restore "$1" "$2" "$3"
  else
    printf 'left %s\n' "$1"
  fi
}

# give_back PATH OURS THEIRS <<base64: the bytes that come in again where the file is ours (sha256); somebody else's edit is left alone, and told of.
give_back() {
  case $(sum "$1") in
    "$3") printf 'ok give_back %s already\n' "$1" ;;
    "$2") put "$1" 644 "$2" "$3" ;;
    *) printf 'left %s\n' "$1" ;;
  esac
}

# remember PATH NOTE: what the file is after our own writing, so that going back can tell it from somebody else's.
remember() {
  sum "$1" >"$2" || die write "$2 cannot be written: no space, or read-only"
  printf 'ok remember %s\n' "$1"
}

# take_back_config PATH COPY NOTE: grub.cfg as it was, where it is ours or half-written; generated anew where somebody else's.
take_back_config() {
  have=$(sum "$1")
  if [ "$have" = "$(sum "$2")" ]; then
    printf 'ok take_back_config already\n'
  elif [ "$have" = "$(cat "$3" 2>/dev/null)" ] || ! grep -q '^### END /etc/grub.d/41_custom ###' "$1"; then
    restore "$1" "$2" any
  else
    update_grub
  fi
}

# remove PATH: the file is gone, and no power cut brings it back.
remove() {
  if ! { rm -f "$1" && sync "${1%/*}"; }; then die write "$1 cannot be removed for good"; fi
}

# drop PATH OURS: removes a file that is still ours (sha256, or any).
drop() {
  have=$(sum "$1")
  if [ "$have" != absent ]; then
    if [ "$2" != any ] && [ "$have" != "$2" ]; then die changed "$1 was edited by somebody else: expected $2, found $have"; fi
    remove "$1"
  fi
  printf 'ok drop %s\n' "$1"
}

# drop_ours PATH OURS: removes the file if it is ours; somebody else's is left alone, and told of.
drop_ours() {
  case $(sum "$1") in
    absent) ;;
    "$2") remove "$1" ;;
    *) printf 'left %s\n' "$1" ;;
  esac
  printf 'ok drop_ours %s\n' "$1"
}

# if_it_can ACT PATH ARG...: the act, or the words that the file was left as it is; what goes wrong with it ends nothing.
if_it_can() {
  if answer=$("$@"); then printf '%s\n' "$answer"; else printf 'left %s\n' "$2"; fi
}

# show PATH: the file's bytes, for the bot to read.
show() {
  if [ -e "$1" ]; then
    printf 'file %s %s\n' "$1" "$(base64 <"$1" | tr -d '\n')"
  else
    printf 'absent %s\n' "$1"
  fi
}

# tell_clock: the hardware clock as it reads, in seconds as if it were UTC; silent where there is none.
tell_clock() {
  day=$(cat /sys/class/rtc/rtc0/date 2>/dev/null) && time=$(cat /sys/class/rtc/rtc0/time 2>/dev/null) || return 0
  printf 'said clock %s\n' "$(date -u -d "$day $time" +%s)"
}

# tell_boot: which boot this is, and its kernel line.
tell_boot() {
  printf 'said boot %s\n' "$(cat /proc/sys/kernel/random/boot_id)"
  printf 'said line %s\n' "$(cat /proc/cmdline)"
}

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

# flag_arm UUID VALUE: the flag that GRUB spends; written, then read back. A flag that already is spent is not armed again.
flag_arm() {
  on_fs "$1"
  flag=$at/lanekeeper/grubenv
  mkdir -p "$at/lanekeeper" || { off_fs; die write "the flag's folder cannot be made on $1"; }
  [ -s "$flag" ] || grub-editenv "$flag" create || { off_fs; die write "the flag cannot be written on $1"; }
  case $(grub-editenv "$flag" list | sed -n 's/^lanekeeper_trial=//p') in
    "spent-${2#armed-}") off_fs; die spent "the flag of this trial is spent: it has been tried" ;;
    "$2") ;;
    *) grub-editenv "$flag" set "lanekeeper_trial=$2" || { off_fs; die write "the flag cannot be written on $1"; } ;;
  esac
  off_fs
  [ "$own" = no ] || on_fs "$1"
  got=$(grub-editenv "$at/lanekeeper/grubenv" list | sed -n 's/^lanekeeper_trial=//p')
  [ "$own" = no ] || off_fs
  [ "$got" = "$2" ] || die no-flag "the flag reads back as '$got'"
  printf 'ok flag_arm %s\n' "$got"
}

# flag_drop UUID: the flag's folder is gone. Where its file system cannot be had, the guard stays (guard_off).
flag_drop() {
  try_fs "$1" || { printf 'gone %s\n' "$why"; return; }
  rm -f "$at/lanekeeper/grubenv"
  rmdir "$at/lanekeeper" 2>/dev/null
  [ ! -e "$at/lanekeeper/grubenv" ] || { off_fs; die write "the flag cannot be removed from $1"; }
  off_fs
  printf 'ok flag_drop\n'
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

# efi_entry NAME: what a variable of systemd-boot names, behind four bytes of attributes; empty where there is none.
# Through a pipe: efivarfs has no seek, and tail gives up without one.
efi_entry() {
  # shellcheck disable=SC2002
  cat "/sys/firmware/efi/efivars/$1-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f" 2>/dev/null | tail -c +5 | tr -d '\000'
}

# tell_default_entry: the entry that somebody made the default in systemd-boot's menu; it goes before loader.conf.
tell_default_entry() {
  printf 'said default-entry %s\n' "$(efi_entry LoaderEntryDefault)"
}

# oneshot_arm ENTRY: systemd-boot starts that entry at the next boot, and deletes the order before it does; read back.
oneshot_arm() {
  said=$(bootctl set-oneshot "$1" 2>&1) || die no-flag "bootctl set-oneshot failed: $said"
  have=$(efi_entry LoaderEntryOneShot)
  [ "$have" = "$1" ] || die no-flag "the order for the next boot reads back as '$have'"
  printf 'ok oneshot_arm %s\n' "$1"
}

# oneshot_drop ENTRY: the next boot does not start that entry; somebody else's order stays.
oneshot_drop() {
  if [ "$(efi_entry LoaderEntryOneShot)" = "$1" ]; then
    said=$(bootctl set-oneshot "" 2>&1) || die no-flag "bootctl set-oneshot failed: $said"
    [ -z "$(efi_entry LoaderEntryOneShot)" ] || die write "the order for the next boot is still there"
  fi
  printf 'ok oneshot_drop %s\n' "$1"
}

# check_grub PATH: GRUB's own reader accepts the file.
check_grub() {
  said=$(grub-script-check "$1" 2>&1) || die grub-refuses "grub-script-check refuses $1: $said"
  printf 'ok check_grub %s\n' "$1"
}

# grub_env_value NAME: what GRUB's environment block of /boot/grub gives the variable; empty where it has none.
grub_env_value() {
  grub-editenv - list 2>/dev/null | sed -n "s/^$1=//p"
}

# expect_grub_env NAME VALUE: the variable is what the plan was made for.
expect_grub_env() {
  have=$(grub_env_value "$1")
  [ "$have" = "$2" ] || die changed "$1 of GRUB's environment is not what the plan was made for: expected '$2', found '$have'"
  printf 'ok expect_grub_env %s\n' "$1"
}

# grub_env NAME FROM TO: compare and write a variable of GRUB's environment block of /boot/grub.
grub_env() {
  have=$(grub_env_value "$1")
  if [ "$have" = "$3" ]; then
    printf 'ok grub_env %s already\n' "$1"
    return
  fi
  [ "$have" = "$2" ] || die changed "$1 of GRUB's environment was changed by somebody else: expected '$2', found '$have'"
  if [ -n "$3" ]; then set -- "$1" "$2" "$3" set "$1=$3"; else set -- "$1" "$2" "$3" unset "$1"; fi
  grub-editenv - "$4" "$5" || die write "GRUB's environment block cannot be written: no space, or read-only"
  sync -f /boot/grub/grubenv
  [ "$(grub_env_value "$1")" = "$3" ] || die write "$1 of GRUB's environment does not read back as it was written"
  printf 'ok grub_env %s\n' "$1"
}

# onboot_of GUEST: 1 where the guest's configuration starts it with the node, else 0; snapshots stand below the first section.
onboot_of() {
  conf=/etc/pve/qemu-server/$1.conf
  [ -r "$conf" ] || die changed "there is no guest $1 on this node any more"
  case $(sed -n '/^\[/q; s/^onboot:[[:space:]]*//p' "$conf" | tail -n 1) in
    1 | on | yes | true) echo 1 ;;
    *) echo 0 ;;
  esac
}

# expect_onboot GUEST VALUE: the guest is set as the plan was made for.
expect_onboot() {
  have=$(onboot_of "$1") || { printf '%s\n' "$have"; exit 1; }
  [ "$have" = "$2" ] || die changed "guest $1 is not set as the plan was made for: expected onboot $2, found $have"
  printf 'ok expect_onboot %s\n' "$1"
}

# set_onboot GUEST FROM TO: compare and write, by Proxmox's own program, which compares the file's digest once more.
set_onboot() {
  have=$(onboot_of "$1") || { printf '%s\n' "$have"; exit 1; }
  if [ "$have" = "$3" ]; then
    printf 'ok set_onboot %s already\n' "$1"
    return
  fi
  [ "$have" = "$2" ] || die changed "guest $1 was set by somebody else: expected onboot $2, found $have"
  digest=$(sha1sum <"/etc/pve/qemu-server/$1.conf" | cut -d ' ' -f 1)
  said=$(timeout 60 qm set "$1" --onboot "$3" --digest "$digest" 2>&1 </dev/null) || die tool "qm set failed: $(printf '%s' "$said" | tail -n 2)"
  [ "$(onboot_of "$1")" = "$3" ] || die write "onboot of guest $1 does not read back as it was set"
  printf 'ok set_onboot %s\n' "$1"
}

# boot_tool ARGUMENT...: proxmox-boot-tool; what it said when it fails.
boot_tool() {
  said=$(timeout -k 10 300 proxmox-boot-tool "$@" 2>&1 </dev/null) || die tool "proxmox-boot-tool $* failed: $(printf '%s' "$said" | tail -n 3)"
}

# refresh_esps: every ESP that proxmox-boot-tool keeps, written anew.
refresh_esps() {
  boot_tool refresh
  sync
  printf 'ok refresh_esps\n'
}

# refresh_esps_again NOTE: every ESP as the files are now, where the note is there: the change had begun to write.
refresh_esps_again() {
  if [ -s "$1" ]; then refresh_esps; else printf 'ok refresh_esps_again already\n'; fi
}

# pin_now: the kernel that is pinned; empty where none is.
pin_now() {
  cat /etc/kernel/proxmox-boot-pin 2>/dev/null
}

# expect_pin RELEASE: that kernel is pinned; none where it is empty.
expect_pin() {
  have=$(pin_now)
  [ "$have" = "$1" ] || die changed "another kernel is pinned than the plan was made for: expected ${1:-none}, found ${have:-none}"
  printf 'ok expect_pin %s\n' "$1"
}

# set_pin FROM TO: compare and pin, by Proxmox's own program; an empty one is none. ESPs are refreshed.
set_pin() {
  have=$(pin_now)
  if [ "$have" = "$2" ]; then
    printf 'ok set_pin %s already\n' "$2"
    return
  fi
  [ "$have" = "$1" ] || die changed "another kernel was pinned by somebody else: expected ${1:-none}, found ${have:-none}"
  if [ -n "$2" ]; then boot_tool kernel pin "$2"; else boot_tool kernel unpin; fi
  [ "$(pin_now)" = "$2" ] || die write "the pin does not read back as it was set"
  [ ! -s /etc/kernel/proxmox-boot-uuids ] || refresh_esps
  sync
  printf 'ok set_pin %s\n' "$2"
}

# has_package NAME: that package is installed, whole.
has_package() {
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# expect_package PATH SHA NAME: the file on the node is the one that was approved; where NAME is given, installing it would add
# that package alone and take nothing away.
expect_package() {
  have=$(sum "$1")
  [ "$have" = "$2" ] || die changed "$1 is not the package that was approved: expected $2, found $have"
  if [ -n "$3" ] && ! has_package "$3"; then
    said=$(apt-get -s -o Debug::NoLocking=1 install "$1" 2>&1 </dev/null) || die tool "a simulated installation fails: $(printf '%s' "$said" | tail -n 3)"
    adds=$(printf '%s\n' "$said" | sed -n 's/^Inst \([^ ]*\).*/\1/p' | tr '\n' ' ')
    takes=$(printf '%s\n' "$said" | sed -n 's/^Remv \([^ ]*\).*/\1/p' | tr '\n' ' ')
    [ "$adds$takes" = "$3 " ] || die tool "installing $1 would add ${adds:-nothing }and take away ${takes:-nothing}; only $3 may be added"
  fi
  printf 'ok expect_package %s\n' "$1"
}

# install_package PATH SHA NAME RELEASE: that kernel package, beside the others.
install_package() {
  if ! has_package "$3"; then
    expect_package "$1" "$2" "$3"
    said=$(DEBIAN_FRONTEND=noninteractive timeout -k 10 300 dpkg -i "$1" 2>&1 </dev/null) || die tool "dpkg -i failed: $(printf '%s' "$said" | tail -n 3)"
  fi
  has_package "$3" || die write "$3 is not installed after its installation"
  [ -e "/boot/vmlinuz-$4" ] || die write "$3 brought no /boot/vmlinuz-$4"
  sync
  printf 'ok install_package %s\n' "$3"
}

# remove_package NAME RELEASE: the package gone, never while its kernel runs.
remove_package() {
  if [ -n "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" ]; then
    [ "$(uname -r)" != "$2" ] || die changed "kernel $2 is running, so its package stays"
    said=$(DEBIAN_FRONTEND=noninteractive timeout -k 10 300 dpkg -P "$1" 2>&1 </dev/null) || die tool "dpkg -P failed: $(printf '%s' "$said" | tail -n 3)"
  fi
  [ ! -e "/boot/vmlinuz-$2" ] || die write "/boot/vmlinuz-$2 is still there"
  sync
  printf 'ok remove_package %s\n' "$1"
}

# initramfs_holds IMAGE NAMES GONE: the initramfs lists every one of these files (words), and none of those.
initramfs_holds() {
  listing=$(lsinitramfs "$1" 2>/dev/null) || die write "$1 cannot be read back"
  for name in $2; do
    printf '%s\n' "$listing" | grep -qxF "$name" || die write "$1 does not hold $name"
  done
  for name in $3; do
    ! printf '%s\n' "$listing" | grep -qxF "$name" || die write "$1 still holds $name"
  done
}

# stage_initramfs FOLDER: a copy of the configuration that initramfs-tools builds from.
stage_initramfs() {
  rm -rf "$1"
  if ! { mkdir -p "${1%/*}" && cp -a /etc/initramfs-tools "$1"; }; then die write "$1 cannot be made: no space, or read-only"; fi
  printf 'ok stage_initramfs %s\n' "$1"
}

# build_initramfs RELEASE FOLDER IMAGE NAMES GONE: an initramfs of that kernel from the configuration in that folder, beside those that boot.
build_initramfs() {
  old=/boot/initrd.img-$1
  [ -r "$old" ] || die changed "there is no $old"
  need=$(($(stat -Lc %s "$old") / 512 + 8192))
  free=$(df -Pk /boot | awk 'NR == 2 { print $4 }')
  [ "$free" -ge "$need" ] || die write "/boot has $free KiB free, and another initramfs needs $need"
  said=$(timeout -k 10 300 mkinitramfs -d "$2" -o "$3" "$1" 2>&1 </dev/null) || { rm -f "$3"; die tool "mkinitramfs failed: $(printf '%s' "$said" | tail -n 3)"; }
  sync -f "$3"
  initramfs_holds "$3" "$4" "$5"
  printf 'ok build_initramfs %s\n' "$3"
}

# update_initramfs RELEASE: the distribution's own program; ESPs are refreshed by its hooks.
update_initramfs() {
  said=$(timeout -k 10 300 update-initramfs -u -k "$1" 2>&1 </dev/null) || die tool "update-initramfs failed: $(printf '%s' "$said" | tail -n 3)"
  sync -f "/boot/initrd.img-$1"
}

# renew_initramfs RELEASE KEPT TRIED NAMES GONE: built anew for good; the old one is kept. It lists the same files as the one that was tried.
renew_initramfs() {
  image=/boot/initrd.img-$1
  if [ "$(sum "$image")" = "$(cat "$2/initramfs.ours" 2>/dev/null)" ]; then
    printf 'ok renew_initramfs already\n'
    return
  fi
  keep "$image" "$2/initramfs.old"
  tried=$(lsinitramfs "$3" 2>/dev/null | sort) || die changed "the initramfs that was tried cannot be read"
  update_initramfs "$1"
  initramfs_holds "$image" "$4" "$5"
  [ "$(lsinitramfs "$image" | sort)" = "$tried" ] || die write "$image does not list the same files as the one that was tried"
  remember "$image" "$2/initramfs.ours"
  printf 'ok renew_initramfs %s\n' "$1"
}

# give_back_initramfs RELEASE KEPT: the image as it was; built from the files as they are now where somebody else has built one since.
give_back_initramfs() {
  image=/boot/initrd.img-$1
  if [ ! -e "$2/initramfs.old" ] || [ "$(sum "$image")" = "$(sum "$2/initramfs.old")" ]; then
    printf 'ok give_back_initramfs already\n'
    return
  fi
  if [ "$(sum "$image")" = "$(cat "$2/initramfs.ours" 2>/dev/null)" ] || ! lsinitramfs "$image" >/dev/null 2>&1; then
    restore "$image" "$2/initramfs.old" any
    [ ! -s /etc/kernel/proxmox-boot-uuids ] || refresh_esps
  else
    update_initramfs "$1"
  fi
  printf 'ok give_back_initramfs %s\n' "$1"
}

# next_pin: the kernel that is pinned for the next boot; empty where none is.
next_pin() {
  cat /etc/kernel/next-boot-pin 2>/dev/null
}

# expect_next_pin RELEASE: that kernel is pinned for the next boot.
expect_next_pin() {
  have=$(next_pin)
  [ "$have" = "$1" ] || die changed "another kernel is pinned for the next boot: expected $1, found ${have:-none}"
  printf 'ok expect_next_pin %s\n' "$1"
}

# unpin_next RELEASE / pin_next RELEASE: that kernel's pin for the next boot, away or there again; ESPs are refreshed.
unpin_next() {
  have=$(next_pin)
  if [ -z "$have" ]; then
    printf 'ok unpin_next already\n'
    return
  fi
  [ "$have" = "$1" ] || die changed "another kernel was pinned for the next boot: expected $1, found $have"
  boot_tool kernel unpin --next-boot
  [ -z "$(next_pin)" ] || die write "the pin for the next boot is still there"
  [ ! -s /etc/kernel/proxmox-boot-uuids ] || refresh_esps
  printf 'ok unpin_next\n'
}
pin_next() {
  have=$(next_pin)
  if [ "$have" = "$1" ]; then
    printf 'ok pin_next already\n'
    return
  fi
  [ -z "$have" ] || die changed "another kernel was pinned for the next boot: expected none, found $have"
  boot_tool kernel pin "$1" --next-boot
  [ "$(next_pin)" = "$1" ] || die write "the pin for the next boot does not read back"
  [ ! -s /etc/kernel/proxmox-boot-uuids ] || refresh_esps
  printf 'ok pin_next %s\n' "$1"
}

# disarmed NOTE: the note that the trial can start goes before it is cleared away, as far as that can be written.
disarmed() {
  rm -f "$1" 2>/dev/null && sync "${1%/*}" 2>/dev/null
  printf 'ok disarmed\n'
}

# expect_armed NOTE: nobody has begun to clear the trial away.
expect_armed() {
  [ -e "$1" ] || die disarmed "the trial is not armed any more"
  printf 'ok expect_armed\n'
}

# guard_on UNIT: the unit is known to systemd and will be started in the trial boot.
guard_on() {
  mkdir -p /etc/systemd/system/sysinit.target.wants || die write "the guard cannot be enabled"
  ln -sf "/etc/systemd/system/$1" "/etc/systemd/system/sysinit.target.wants/$1" || die write "the guard cannot be enabled"
  said=$(systemd-analyze verify "/etc/systemd/system/$1" 2>&1) || die guard-refused "systemd refuses the guard: $said"
  systemctl daemon-reload || die guard-refused "systemd did not reload"
  [ "$(systemctl is-enabled "$1" 2>/dev/null)" = enabled ] || die guard-refused "the guard is not enabled"
  sync
  printf 'ok guard_on\n'
}

# guard_off UNIT [UUID]: no guard any more. It stays where the file system of the trial's flag cannot be had: with the disk the
# armed flag may come back, and then the trial starts once more.
guard_off() {
  if [ -n "${2:-}" ]; then
    try_fs "$2" || { printf 'gone %s\n' "$why"; return; }
    if [ -e "$at/lanekeeper/grubenv" ]; then why="the flag is still on the file system $2"; else why=; fi
    leave_fs
    [ -z "$why" ] || { printf 'gone %s\n' "$why"; return; }
  fi
  systemctl stop --no-block "$1" 2>/dev/null
  rm -f "/etc/systemd/system/sysinit.target.wants/$1" "/etc/systemd/system/$1" /etc/lanekeeper/guard.sh
  rmdir /etc/lanekeeper 2>/dev/null
  for file in "/etc/systemd/system/$1" /etc/lanekeeper/guard.sh; do
    [ ! -e "$file" ] || printf 'left %s\n' "$file"
  done
  systemctl daemon-reload
  sync
  printf 'ok guard_off\n'
}

# confirm ID: tells the guard that this very boot has been checked. Whoever links the file `decided` first has decided.
confirm() {
  same_boot "$1"
  mkdir -p "$run_in" || die write "$run_in cannot be made"
  if ! [ -e "$run_in/decided" ]; then
    printf '%s\n' "$1" >"$run_in/confirming" || die write "$run_in cannot be written"
    ln "$run_in/confirming" "$run_in/decided" 2>/dev/null
  fi
  [ "$(cat "$run_in/decided")" = "$1" ] || die guard-fired "the guard has begun to go back"
  printf 'ok confirm\n'
}

# update_grub: the distribution's own generator; what it said when it fails. grub-mkconfig writes over the file that boots (cat), so
# that a power cut in that moment leaves half of it: where update-grub is no more than a call of it, it writes beside that file, and
# only what is whole takes its place.
update_grub() {
  # shellcheck disable=SC2016
  if grep -qx 'exec grub-mkconfig -o /boot/grub/grub.cfg "$@"' "$(command -v update-grub)"; then
    beside=/boot/grub/lanekeeper.cfg
    said=$(timeout -k 10 300 grub-mkconfig -o "$beside" 2>&1 </dev/null) || {
      rm -f "$beside" "$beside.new"
      die generate "grub-mkconfig failed: $(printf '%s' "$said" | tail -n 3)"
    }
    want=$(sum "$beside")
    bytes_to /boot/grub/grub.cfg "$want" 600 <"$beside"
    remove "$beside"
  else
    said=$(timeout -k 10 300 update-grub 2>&1 </dev/null) || die generate "update-grub failed: $(printf '%s' "$said" | tail -n 3)"
    sync -f /boot/grub/grub.cfg
  fi
  printf 'ok update_grub\n'
}

# restart ID: reboots out of that boot, and only out of that one.
restart() {
  now=$(cat /proc/sys/kernel/random/boot_id)
  if [ "$now" != "$1" ]; then
    printf 'ok restart already\n'
    return
  fi
  # A disk that does not answer any more must not keep the node from going back.
  sync >/dev/null 2>&1 9>&- &
  waited=0
  while kill -0 "$!" 2>/dev/null && [ "$waited" -lt 20 ]; do
    sleep 1
    waited=$((waited + 1))
  done
  # A second request while the node is going down is refused by logind; that is no failure.
  if ! said=$(systemctl --no-block reboot 2>&1); then
    case $said in
      *'in progress'*) ;;
      *) [ "$(systemctl is-system-running)" = stopping ] || reboot || die reboot "the node does not take the reboot: $said" ;;
    esac
  fi
  printf 'ok restart\n'
}
