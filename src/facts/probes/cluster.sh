if [ ! -e /etc/pve ]; then
  echo 'members: 1'
  exit 0
fi
[ -r /etc/pve/.members ] || exit 1
members=$(cat /etc/pve/.members) || exit 1
case $members in
  *'"cluster"'*)
    printf '%s\n' "$members" | sed -n -e 'h;s/.*"nodes": *\([0-9]*\).*/members: \1/p' \
      -e 'g;s/.*"quorate": *1.*/quorate: yes/p;g;s/.*"quorate": *0.*/quorate: no/p'
    corosync-quorumtool -s | sed -n -e 's/^Expected votes: */expected-votes: /p' -e 's/^Total votes: */total-votes: /p'
    ;;
  *) printf 'members: 1\nquorate: yes\n' ;;
esac
if [ -e /etc/pve/ha/resources.cfg ]; then
  sed -n 's/^\([a-z]*\): *\([^ ]*\)$/ha: \1:\2/p' /etc/pve/ha/resources.cfg
fi
if [ -e /etc/pve/ha/manager_status ]; then
  node=$(uname -n | cut -d . -f 1)
  case $(tr -d ' \n' </etc/pve/ha/manager_status) in
    *'"node_status":{'*"\"$node\":\"maintenance\""*) echo 'maintenance: yes' ;;
  esac
fi
exit 0
