if [ -e /etc/pve ]; then
  [ -r /etc/pve/local/ ] || exit 1
  for file in /etc/pve/local/qemu-server/*.conf /etc/pve/local/lxc/*.conf; do
    [ -e "$file" ] && set -- "$@" "$file"
  done
  [ $# -eq 0 ] || awk '
    FNR == 1 { live = 1 }
    /^\[/ { live = 0 }
    live && /^lock:/ { id = FILENAME; gsub(/.*\/|\.conf$/, "", id); print "guest", id, "locked:", $2 }
  ' "$@"
fi
active=/var/log/pve/tasks/active
if [ -e "$active" ]; then
  [ -r "$active" ] || exit 1
  while read -r upid _ ended _; do
    [ -z "$ended" ] || continue
    rest=${upid#UPID:*:}
    [ -e "/proc/$((0x${rest%%:*}))" ] || continue
    type=${rest#*:*:*:}
    case $type in
      vncproxy* | spiceproxy* | vncshell* | spiceshell* | termproxy*) ;;
      *) echo "task ${type%%:*} $upid" ;;
    esac
  done <"$active"
fi
state=/var/lib/pve-manager/pve-replication-state.json
if [ -r "$state" ]; then
  grep -oE '"pid":"?[0-9]+' "$state" | while IFS=':"' read -r _ _ _ pid rest; do
    pid=$pid$rest
    [ -z "$pid" ] || [ ! -e "/proc/$pid" ] || echo "replication pid $pid"
  done
fi
inodes=$(stat -c '%i %n' /var/lib/dpkg/lock-frontend /var/lib/dpkg/lock /var/lib/apt/lists/lock)
while read -r _ _ _ _ pid place _; do
  case $inodes in
    *"${place##*:} /var/lib/"*)
      printf '%s\n' "$inodes" | sed -n "s|^${place##*:} |package lock (pid $pid): |p"
      ;;
  esac
done </proc/locks
exit 0
