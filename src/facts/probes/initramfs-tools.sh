for tool in mkinitramfs update-initramfs lsinitramfs; do
  path=$(command -v "$tool") && printf 'tool: %s\n' "$path"
done
for file in /etc/initramfs-tools/hooks/lanekeeper-vfio /etc/initramfs-tools/scripts/init-top/lanekeeper-vfio; do
  if [ ! -e "$file" ]; then
    printf 'absent: %s\n' "$file"
    continue
  fi
  [ -r "$file" ] || exit 1
  grep -aH '' "$file"
done
exit 0
