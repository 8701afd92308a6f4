#!/bin/sh
# mmdebstrap customize hook: users, keys, the lab kernel, stand-in packages, and units a lab can do without.
# Usage: customize.sh <tree> <public key file> <kernel image>
set -eu
root=$1 key=$2 image=$3
here=$(dirname "$(readlink -f "$0")")
kernel=${image##*/vmlinuz-}

for user in lk nosudo; do chroot "$root" useradd -m -s /bin/bash "$user"; done
for home in root home/lk home/nosudo; do
  install -d -m 700 "$root/$home/.ssh"
  install -m 600 "$key" "$root/$home/.ssh/authorized_keys"
  chroot "$root" chown -R "$(stat -c %u:%g "$root/$home")" "/$home/.ssh"
done

# The lab kernel has everything built in; modules.builtin lets modprobe know. initramfs-tools asks the configuration how
# it may compress, which a defconfig leaves at the kernel's own defaults.
install -m 644 "$image" "$root/boot/vmlinuz-$kernel"
{ cat "$here/../kernel/defconfig" && printf 'CONFIG_RD_%s=y\n' GZIP ZSTD; } >"$root/boot/config-$kernel"
install -d "$root/lib/modules/$kernel"
install -m 644 "$here/../kernel/modules.builtin" "$root/lib/modules/$kernel/"
: >"$root/lib/modules/$kernel/modules.order"
chroot "$root" depmod "$kernel"
chroot "$root" update-initramfs -c -k "$kernel"

for package in proxmox-ve=8.0.2 pve-manager=8.0.9 qemu-server=8.0.10; do
  name=${package%=*} work=$(mktemp -d "$root/tmp/deb.XXXXXX")
  chmod 755 "$work"
  install -d "$work/DEBIAN"
  printf 'Package: %s\nVersion: %s\nArchitecture: all\nMaintainer: Lanekeeper lab <lab@localhost>\nDescription: empty stand-in\n' \
    "$name" "${package#*=}" >"$work/DEBIAN/control"
  dpkg-deb --build "$work" "$root/tmp/$name.deb"
  chroot "$root" dpkg -i "/tmp/$name.deb"
  rm -r "$work" "$root/tmp/$name.deb"
done

chroot "$root" systemctl enable lab-no-network.service lab-up.service
chroot "$root" systemctl mask apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service \
  fstrim.timer getty@tty1.service ifupdown-pre.service lvm2-monitor.service systemd-pstore.service systemd-update-utmp.service systemd-update-utmp-runlevel.service
install -d -m 2755 "$root/var/log/journal" "$root/var/log/pve/tasks"
install -m 755 "$here/install.sh" "$root/lab-install.sh"
