[ -e /etc/pve ] || [ -e /run/qemu-server ] || exit 0
set --
if [ -e /run/qemu-server ]; then
  [ -r /run/qemu-server ] || exit 1
  for file in /run/qemu-server/*.pid; do
    [ -r "$file" ] && read -r pid <"$file" && [ -r "/proc/$pid/cmdline" ] && set -- "$@" "/proc/$pid/cmdline"
  done
fi
# A pid file may be left over: the process has to name it.
[ $# -eq 0 ] || grep -aoE 'qemu-server/[0-9]+\.pid' -- "$@" /dev/null | sed 's|.*qemu-server/\([0-9]*\)\.pid$|qemu \1|'
sed -n 's|.*@/var/lib/lxc/\([0-9]*\)/command$|lxc \1|p' /proc/net/unix
