LC_ALL=C
PATH=/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH
unset LANG LANGUAGE CDPATH GREP_OPTIONS
umask 077

# Runs a probe ($1) and passes at most $2 bytes on; its exit status survives the pipe on descriptor 3.
# shellcheck disable=SC2016
wrap='text=$1 most=$2; set --; exec 4>&1; code=$({ { (eval "$text") 3>&- 4>&-; echo "$?" >&3; } | head -c "$most" >&4 3>&- 4>&-; } 3>&1); exit "${code:-1}"'

uptime_ms() {
  read -r up _ </proc/uptime || up=0.00
  up=${up%.*}${up#*.}0
}

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

bound() {
  if [ "$bounded" = yes ]; then
    timeout -s KILL "$1" sh -c "$wrap" probe "$2" "$3"
    return
  fi
  sh -c "$wrap" probe "$2" "$3" &
  job=$!
  (
    trap 'kill "$nap"; exit 0' TERM
    sleep "$1" &
    nap=$!
    wait "$nap"
    trap '' TERM
    fell "$job"
  ) >/dev/null &
  guard=$!
  wait "$job"
  set -- "$?"
  kill "$guard"
  wait "$guard"
  return "$1"
}

probe() {
  printf '@lanekeeper %s begin %s\n' "$nonce" "$1"
  uptime_ms
  began=$up
  bound "$2" "$4" "$3" </dev/null
  code=$?
  uptime_ms
  printf '\n@lanekeeper %s end %s %s %s\n' "$nonce" "$1" "$code" "$((up - began))"
}

bounded=no
timeout --version >/dev/null 2>&1 && bounded=yes
