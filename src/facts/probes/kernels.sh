[ -r /boot ] || exit 1
for image in /boot/vmlinuz-*; do
  [ -e "$image" ] && echo "${image#/boot/vmlinuz-}"
done
running=$(uname -r)
echo "running: $running"
pin='' next=''
[ -r /etc/kernel/proxmox-boot-pin ] && read -r pin _ </etc/kernel/proxmox-boot-pin
[ -r /etc/kernel/next-boot-pin ] && read -r next _ </etc/kernel/next-boot-pin
[ -z "$pin" ] || echo "pinned: $pin"
[ -z "$next" ] || echo "next-boot: $next"
default=${next:-$pin}
if [ -z "$default" ] && [ -s /etc/kernel/proxmox-boot-uuids ]; then
  default=$(for image in /boot/vmlinuz-*; do echo "${image#/boot/vmlinuz-}"; done | sort -V | tail -n 1)
elif [ -z "$default" ] && [ -r /boot/grub/grub.cfg ]; then
  case $(sed -n 's/^[[:space:]]*GRUB_DEFAULT=//p' /etc/default/grub /etc/default/grub.d/*.cfg 2>/dev/null | tail -n 1) in
    '' | 0 | '"0"' | "'0'")
      default=$(sed -n '/^[[:space:]]*linux[[:space:]]/{s/^[[:space:]]*linux[[:space:]]*[^[:space:]]*vmlinuz-\([^[:space:]]*\).*/\1/p;q;}' /boot/grub/grub.cfg)
      ;;
  esac
fi
[ -z "$default" ] || echo "default: $default"
exit 0
