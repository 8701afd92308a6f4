# The trial boot: what starts it once, and what ends it.

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
