[ -e /etc/pve ] || exit 0
here=$(cd -P /etc/pve/local 2>/dev/null && pwd -P) || here=/etc/pve/nodes/$(uname -n | cut -d . -f 1)
here=/etc/pve/nodes/${here##*/}
[ -r "$here" ] || exit 1
set --
for file in "$here"/qemu-server/*.conf "$here"/lxc/*.conf; do
  [ -e "$file" ] && set -- "$@" "$file"
done
[ $# -gt 0 ] || exit 0
grep -aH '' "$@" 2>&1
[ $? -lt 2 ]
