LC_ALL=C
PATH=/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH
unset LANG LANGUAGE CDPATH GREP_OPTIONS
umask 077
# Whoever starts this may have switched the expansion of file names off.
set +f

# For the shell of this script, and for those that it starts.
# shellcheck disable=SC2016
helpers='
uptime_ms() {
  read -r up _ </proc/uptime || up=0.00
  up=${up%.*}${up#*.}0
}
begin() {
  printf "@lanekeeper %s begin %s\n" "$nonce" "$1"
}
end() {
  printf "\n@lanekeeper %s end %s %s %s\n" "$nonce" "$1" "$2" "$((up - $3))"
}
'
up=0
eval "$helpers"

# Runs probes one after the other: a name, seconds, most bytes and a snippet for each. On descriptor 3 it tells which one begins, and
# when. The mark that ends a probe has room beside the most bytes. The nonce comes in the environment, which nobody else can read, and
# does not stay in that of the snippets.
# shellcheck disable=SC2016
run=$helpers'
mark=$nonce
unset nonce
nonce=$mark
while [ "$#" -gt 0 ]; do
  uptime_ms
  echo "$1 $up" >&3
  begin "$1"
  {
    (
      text=$4
      set --
      eval "$text"
    )
    code=$?
    since=$up
    uptime_ms
    end "$1" "$code" "$since"
  } 3>&- | head -c "$(($3 + 128))" 3>&-
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

# Runs probes in a shell that is killed after $1 seconds. Its group is that of timeout; what it left behind says nothing any more.
bound() {
  seconds=$1
  shift
  if [ "$bounded" = yes ]; then
    nonce=$nonce timeout -s KILL "$seconds" sh -c "$run" probes "$@" &
    job=$!
    wait "$job"
    set -- "$?"
    kill -9 "-$job"
    return "$1"
  fi
  nonce=$nonce sh -c "$run" probes "$@" &
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

# Runs all these probes in one shell, which has $1 seconds. When it is killed, it is the last one's fault if that has had its own time,
# or was the first; else that is asked again. From there on each has a shell and its own time: what one hangs on, others may.
probes() {
  limit=$1
  shift
  uptime_ms
  began=$up first=$1
  notes=$(bound "$limit" "$@" 3>&1 >&4 4>&- </dev/null) && return
  code=$?
  uptime_ms
  [ -n "$notes" ] || begin "$1"
  last=${notes##*
}
  last=${last:-$1 $began}
  until [ "$1" = "${last% *}" ]; do shift 4; done
  [ "$1" = "$first" ] || began=${last#* }
  if [ "$1" = "$first" ] || [ "$code" != 137 ] || [ "$((up - began))" -ge "$(($2 * 1000))" ]; then
    end "$1" "$code" "$began"
    shift 4
  fi
  while [ "$#" -gt 0 ]; do
    probes "$2" "$1" "$2" "$3" "$4"
    shift 4
  done
} 4>&1

bounded=no
timeout --version >/dev/null 2>&1 && bounded=yes
