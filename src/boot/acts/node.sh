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

# alone: no other script of ours works on this node; what it starts holds the lock too. A busy node is asked again later.
alone() {
  mkdir -p "$run_in" || die write "$run_in cannot be made"
  exec 9>"$run_in/lock" || die write "$run_in cannot be written"
  flock -n 9 || die busy "an earlier act is still at work"
}

# same_boot ID: goes on only while this boot is still that boot.
same_boot() {
  now=$(cat /proc/sys/kernel/random/boot_id)
  [ "$now" = "$1" ] || die other-boot "this is boot $now, not $1"
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
