read -r line </proc/cmdline
case $line in *'initrd=\EFI\proxmox'*) ;; *) exit 0 ;; esac
[ -s /etc/kernel/proxmox-boot-uuids ] || exit 0
# In a mount namespace that nobody else sees; the file system itself is not mounted read-only, which would keep a refresh from mounting it.
while read -r uuid _; do
  [ -e "/dev/disk/by-uuid/$uuid" ] || continue
  # shellcheck disable=SC2016
  text=$(unshare -m sh -c 'mount -t vfat "$1" /mnt && mount -o remount,bind,ro /mnt && cat /mnt/loader/loader.conf' sh "/dev/disk/by-uuid/$uuid") || continue
  printf '%s %s\n' "$uuid" "$(printf '%s\n' "$text" | sed -n 's/^default[[:space:]]*//p' | tail -n 1)"
done </etc/kernel/proxmox-boot-uuids
exit 0
