pick() {
  grep -hE '^[[:space:]]*(menuentry|submenu|linux|linuxefi|linux16)[[:space:]]' "$1" 2>&1
}
read -r line </proc/cmdline
case $line in
  BOOT_IMAGE=/vmlinuz*) [ -s /etc/kernel/proxmox-boot-uuids ] || { pick /boot/grub/grub.cfg; exit; } ;;
  *) pick /boot/grub/grub.cfg; exit ;;
esac
# GRUB reads its file on the ESP, which is not mounted: look at it read-only, in a mount namespace that nobody else sees. The file system
# itself is not mounted read-only: while it is, nobody can mount it otherwise, and a refresh of Proxmox would pass over it.
while read -r uuid _; do
  [ -e "/dev/disk/by-uuid/$uuid" ] || continue
  # shellcheck disable=SC2016
  text=$(unshare -m sh -c 'mount -t vfat "$1" /mnt && mount -o remount,bind,ro /mnt && cat /mnt/grub/grub.cfg' sh "/dev/disk/by-uuid/$uuid") || continue
  printf '%s\n' "$text" | pick -
  exit
done </etc/kernel/proxmox-boot-uuids
exit 1
