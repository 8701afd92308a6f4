image=/boot/initrd.img-$(uname -r)
[ ! -e "$image" ] || printf 'image: %s\nimage-path: %s\n' "$(stat -Lc %Y "$image")" "$image"
for file in /etc/modules /etc/modprobe.d/*.conf /etc/initramfs-tools/*.conf /etc/initramfs-tools/modules \
  /etc/initramfs-tools/conf.d/* /etc/initramfs-tools/hooks/* /etc/initramfs-tools/scripts/*/*; do
  [ -f "$file" ] && set -- "$@" "$file"
done
if [ $# -gt 0 ]; then
  list=$(stat -Lc '%Y %n' "$@") || exit 1
  printf '%s\n' "$list" | sort -rn | sed -n 's/^\([0-9]*\) \(.*\)/newest-source: \1\nnewest-path: \2/p;q'
fi
[ -e "$image" ] || [ -r /boot ]
