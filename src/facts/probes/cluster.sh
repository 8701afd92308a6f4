if [ ! -e /etc/pve ]; then
  echo 'members: 1'
  exit 0
fi
[ -r /etc/pve/.members ] || exit 1
members=$(cat /etc/pve/.members) || exit 1
case $members in
  *'"cluster"'*)
    printf '%s\n' "$members" | sed -n -e 'h;s/.*"nodes": *\([0-9]*\).*/members: \1/p' \
      -e 'g;s/.*"cluster": *{ *"name": *"\([^"]*\)".*/name: \1/p' \
      -e 'g;s/.*"quorate": *1.*/quorate: yes/p;g;s/.*"quorate": *0.*/quorate: no/p'
    corosync-quorumtool -s | sed -n -e 's/^Expected votes: */expected-votes: /p' -e 's/^Total votes: */total-votes: /p' \
      -e 's/^ *0x[0-9a-f]* *\([0-9]*\) .*(local)$/own-votes: \1/p' -e 's/^ *[0-9][0-9]* *\([0-9]*\) .*(local)$/own-votes: \1/p'
    ;;
  *) printf 'members: 1\nquorate: yes\n' ;;
esac
if [ -e /etc/pve/ha/resources.cfg ]; then
  sed -n 's/^\([a-z]*\): *\([^ ]*\)$/ha: \1:\2/p' /etc/pve/ha/resources.cfg
fi
if [ -e /etc/pve/datacenter.cfg ]; then
  sed -n 's/^ha:.*shutdown_policy=\([a-z]*\).*/shutdown-policy: \1/p' /etc/pve/datacenter.cfg
fi
if [ -e /etc/pve/ha/manager_status ]; then
  node=$(uname -n | cut -d . -f 1)
  case $(tr -d ' \n' </etc/pve/ha/manager_status) in
    *'"node_status":{'*"\"$node\":\"maintenance\""*) echo 'maintenance: yes' ;;
  esac
  case $(tr -d ' \n' </etc/pve/ha/manager_status | sed 's/.*"node_status":{\([^}]*\)}.*/\1/') in
    *':"fence"'*) echo 'fencing: yes' ;;
  esac
fi
exit 0
