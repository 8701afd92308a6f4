[ -e /etc/modprobe.d ] || exit 0
[ -r /etc/modprobe.d ] || exit 1
set -- /etc/modprobe.d/*.conf
[ -e "$1" ] || exit 0
grep -aH '' "$@" 2>&1
[ $? -lt 2 ]
