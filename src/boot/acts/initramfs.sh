# The initramfs: tried beside the one that boots, then built anew for good.

# initramfs_holds IMAGE NAMES GONE: the initramfs lists every one of these files (words), and none of those.
initramfs_holds() {
  listing=$(lsinitramfs "$1" 2>/dev/null) || die write "$1 cannot be read back"
  for name in $2; do
    printf '%s\n' "$listing" | grep -qxF "$name" || die write "$1 does not hold $name"
  done
  for name in $3; do
    ! printf '%s\n' "$listing" | grep -qxF "$name" || die write "$1 still holds $name"
  done
}

# stage_initramfs FOLDER: a copy of the configuration that initramfs-tools builds from.
stage_initramfs() {
  rm -rf "$1"
  if ! { mkdir -p "${1%/*}" && cp -a /etc/initramfs-tools "$1"; }; then die write "$1 cannot be made: no space, or read-only"; fi
  printf 'ok stage_initramfs %s\n' "$1"
}

# build_initramfs RELEASE FOLDER IMAGE NAMES GONE: an initramfs of that kernel from the configuration in that folder, beside those that boot.
build_initramfs() {
  old=/boot/initrd.img-$1
  [ -r "$old" ] || die changed "there is no $old"
  need=$(($(stat -Lc %s "$old") / 512 + 8192))
  free=$(df -Pk /boot | awk 'NR == 2 { print $4 }')
  [ "$free" -ge "$need" ] || die write "/boot has $free KiB free, and another initramfs needs $need"
  said=$(timeout -k 10 300 mkinitramfs -d "$2" -o "$3" "$1" 2>&1 </dev/null) || { rm -f "$3"; die tool "mkinitramfs failed: $(printf '%s' "$said" | tail -n 3)"; }
  sync -f "$3"
  initramfs_holds "$3" "$4" "$5"
  printf 'ok build_initramfs %s\n' "$3"
}

# update_initramfs RELEASE: the distribution's own program; ESPs are refreshed by its hooks.
update_initramfs() {
  said=$(timeout -k 10 300 update-initramfs -u -k "$1" 2>&1 </dev/null) || die tool "update-initramfs failed: $(printf '%s' "$said" | tail -n 3)"
  sync -f "/boot/initrd.img-$1"
}

# renew_initramfs RELEASE KEPT TRIED NAMES GONE: built anew for good; the old one is kept. It lists the same files as the one that was tried.
renew_initramfs() {
  image=/boot/initrd.img-$1
  if [ "$(sum "$image")" = "$(cat "$2/initramfs.ours" 2>/dev/null)" ]; then
    printf 'ok renew_initramfs already\n'
    return
  fi
  keep "$image" "$2/initramfs.old"
  tried=$(lsinitramfs "$3" 2>/dev/null | sort) || die changed "the initramfs that was tried cannot be read"
  update_initramfs "$1"
  initramfs_holds "$image" "$4" "$5"
  [ "$(lsinitramfs "$image" | sort)" = "$tried" ] || die write "$image does not list the same files as the one that was tried"
  remember "$image" "$2/initramfs.ours"
  printf 'ok renew_initramfs %s\n' "$1"
}

# give_back_initramfs RELEASE KEPT: the image as it was; built from the files as they are now where somebody else has built one since.
give_back_initramfs() {
  image=/boot/initrd.img-$1
  if [ ! -e "$2/initramfs.old" ] || [ "$(sum "$image")" = "$(sum "$2/initramfs.old")" ]; then
    printf 'ok give_back_initramfs already\n'
    return
  fi
  if [ "$(sum "$image")" = "$(cat "$2/initramfs.ours" 2>/dev/null)" ] || ! lsinitramfs "$image" >/dev/null 2>&1; then
    restore "$image" "$2/initramfs.old" any
    [ ! -s /etc/kernel/proxmox-boot-uuids ] || refresh_esps
  else
    update_initramfs "$1"
  fi
  printf 'ok give_back_initramfs %s\n' "$1"
}
