#!/bin/sh
# First process of the throw-away guest: turns the empty disk /dev/vdb into a node in Proxmox's default layout
# (BIOS-boot partition, FAT32 ESP, LVM with root inside), whose root is a copy of the file system this script runs from. What is
# behind that is for a root of another kind.
set -eux
export PATH=/usr/sbin:/usr/bin:/sbin:/bin DM_DISABLE_UDEV=1 LVM_SYSTEM_DIR=/tmp

finish() {
  sync
  echo o >/proc/sysrq-trigger
  while :; do :; done
}
trap finish EXIT

mount -t tmpfs tmp /tmp

sgdisk -a 1 -n 1:34:2047 -t 1:EF02 -n 2:2048:+512M -t 2:EF00 -n 3:0:+3500M -t 3:8E00 /dev/vdb
mkfs.vfat -F32 /dev/vdb2
pvcreate /dev/vdb3
vgcreate pve /dev/vdb3
lvcreate -l 100%FREE -n root pve -y -Wn -Zn
dd if=/dev/vda of=/dev/pve/root bs=4M conv=sparse iflag=direct oflag=direct
e2fsck -fp /dev/pve/root
resize2fs /dev/pve/root

mount /dev/mapper/pve-root /mnt
rm /mnt/lab-install.sh /mnt/etc/machine-id
systemd-machine-id-setup --root=/mnt
mkdir -p /mnt/boot/efi
mount /dev/vdb2 /mnt/boot/efi
for folder in dev proc sys run; do mount --rbind "/$folder" "/mnt/$folder"; done
chroot /mnt grub-install --target=i386-pc /dev/vdb
chroot /mnt grub-install --target=x86_64-efi --efi-directory=/boot/efi --removable --no-nvram
chroot /mnt update-grub
umount /mnt/boot/efi
sync
umount -R /mnt || mount -o remount,ro /mnt || true
echo LAB-INSTALLED
