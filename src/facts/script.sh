LC_ALL=C
PATH=/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH
unset LANG LANGUAGE CDPATH GREP_OPTIONS
umask 077

# For the shell of this script, and for those that it starts.
# shellcheck disable=SC2016
helpers='
uptime_ms() {
  read -r up _ </proc/uptime || up=0.00
  up=${up%.*}${up#*.}0
}
end() {
  printf "\n@lanekeeper %s end %s %s %s\n" "$nonce" "$1" "$2" "$((up - $3))"
}
'
up=0
eval "$helpers"

# Runs probes one after the other: $1 is the nonce; then come a name, seconds, most bytes and a snippet for each. On descriptor 3 it
# tells which one begins, and when. A snippet says itself how it ended: that needs no process more. What the end takes is room beside
# the most bytes.
# shellcheck disable=SC2016
run=$helpers'
ended() {
  code=$?
  uptime_ms
  end "$1" "$code" "$2"
}
nonce=$1
shift
while [ "$#" -gt 0 ]; do
  uptime_ms
  echo "$1 $up" >&3
  printf "@lanekeeper %s begin %s\n" "$nonce" "$1"
  {
    exec 9>&1 3>&-
    trap "ended $1 $up >&9" EXIT
    text=$4
    set --
    eval "$text"
  } | head -c "$(($3 + 128))" 3>&-
  shift 4
done
exit 0
'

# Kills a process and all below it: the parent first, so that it cannot go on when its child is gone.
fell() {
  kids=
  for stat in /proc/[0-9]*/stat; do
    { read -r line <"$stat"; } 2>/dev/null || continue
    after=${line##*) }
    after=${after#* }
    [ "${after%% *}" != "$1" ] || kids="$kids ${line%% *}"
  done
  kill -9 "$1"
  for kid in $kids; do fell "$kid"; done
}

# Runs probes in a shell that is killed after $1 seconds.
bound() {
  seconds=$1
  shift
  if [ "$bounded" = yes ]; then
    timeout -s KILL "$seconds" sh -c "$run" probes "$nonce" "$@"
    return
  fi
  sh -c "$run" probes "$nonce" "$@" &
  job=$!
  (
    trap 'kill "$nap"; exit 0' TERM
    sleep "$seconds" &
    nap=$!
    wait "$nap"
    trap '' TERM
    fell "$job"
  ) >/dev/null 3>&- &
  guard=$!
  wait "$job"
  set -- "$?"
  kill "$guard"
  wait "$guard"
  return "$1"
}

# Runs all these probes, in one shell as long as none takes too much time. One that does is killed, and another shell goes on behind
# it. Where it is not clear that it was this one that took the time, it is asked again.
probes() {
  while [ "$#" -gt 0 ]; do
    uptime_ms
    began=$up first=$1 limit=$2
    [ "$#" -eq 4 ] || limit=$((limit * 4 / 3))
    notes=$(bound "$limit" "$@" 3>&1 >&4 4>&- </dev/null) && return
    code=$?
    uptime_ms
    [ -n "$notes" ] || return
    last=${notes##*
}
    until [ "$1" = "${last% *}" ]; do shift 4; done
    if [ "$1" != "$first" ]; then
      began=${last#* }
      [ "$code" != 137 ] || [ "$((up - began))" -ge "$(($2 * 1000))" ] || continue
    fi
    end "$1" "$code" "$began"
    shift 4
  done
} 4>&1

bounded=no
timeout --version >/dev/null 2>&1 && bounded=yes
