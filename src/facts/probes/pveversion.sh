# The lines of `pveversion -v`, from dpkg: the program itself builds the whole package cache first.
[ -e /usr/bin/pveversion ] || exit 0
command -v dpkg-query >/dev/null || exec pveversion -v
running=$(uname -r)
manager=$(sed -n "s/.*repoid.*=> *'\([0-9a-f]*\)'.*/\1/p" /usr/share/perl5/PVE/pvecfg.pm 2>/dev/null)
list=$(dpkg-query -W -f '${db:Status-Abbrev} ${Package} ${Version}\n' \
  proxmox-ve pve-manager qemu-server pve-qemu-kvm pve-container proxmox-kernel-helper pve-ha-manager pve-firmware \
  pve-edk2-firmware libpve-common-perl 'proxmox-kernel-*' 'pve-kernel-*' corosync zfsutils-linux lvm2 systemd-boot \
  grub-common shim-signed 2>/dev/null)
[ -n "$list" ] || exec pveversion -v
printf '%s\n' "$list" | while read -r state name version; do
  case "$state $name" in
    ?i*" proxmox-ve") printf '%s: %s (running kernel: %s)\n' "$name" "$version" "$running" ;;
    ?i*" pve-manager") printf '%s: %s (running version: %s/%s)\n' "$name" "$version" "$version" "$manager" ;;
    ?i*) printf '%s: %s\n' "$name" "$version" ;;
  esac
done
