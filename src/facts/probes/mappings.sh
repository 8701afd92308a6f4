[ -e /etc/pve ] || exit 0
[ -e /etc/pve/nodes ] || exit 1
[ -e /etc/pve/mapping/pci.cfg ] || exit 0
cat /etc/pve/mapping/pci.cfg
