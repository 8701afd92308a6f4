dir=/sys/firmware/efi/efivars
if [ -d /sys/firmware/efi ]; then
  echo 'efi: yes'
  state=unknown
  for var in "$dir"/SecureBoot-*; do
    if [ -r "$var" ]; then
      case $(od -An -tu1 -j4 -N1 "$var") in
        *1) state=enabled ;;
        *0) state=disabled ;;
      esac
    elif [ ! -e "$var" ]; then
      for any in "$dir"/BootOrder-*; do [ -e "$any" ] && state=disabled; done
    fi
  done
  echo "secure-boot: $state"
else
  echo 'efi: no'
  echo 'secure-boot: disabled'
fi
for key in sys-vendor:sys_vendor product:product_name bios-version:bios_version bios-date:bios_date; do
  [ -r "/sys/class/dmi/id/${key#*:}" ] && read -r value <"/sys/class/dmi/id/${key#*:}" && echo "${key%%:*}: $value"
done
if [ -r /sys/firmware/acpi/tables ]; then
  tables=
  for table in /sys/firmware/acpi/tables/*; do
    [ -f "$table" ] && tables="$tables ${table##*/}"
  done
  echo "acpi-tables:$tables"
fi
exit 0
