cat /proc/meminfo || exit 1
# The limit that guests inherit.
if [ -r /run/pvedaemon.pid ] && read -r pid </run/pvedaemon.pid; then
  grep '^Max locked memory' "/proc/$pid/limits"
fi
exit 0
