cd /sys/bus/pci/devices || exit 1
# Before kernel 5.15 there is no reset_method at all; since then a device without the file has no way to be reset.
set -- */reset_method
methods=no
[ -e "$1" ] && methods=yes
for device in *; do
  [ -d "$device" ] || continue
  line=$device
  for key in reset_method boot_vga d3cold_allowed power_state numa_node driver_override sriov_numvfs; do
    value=
    if [ -e "$device/$key" ]; then
      { read -r value <"$device/$key"; } 2>/dev/null
    elif [ "$key$methods" = reset_methodno ]; then
      continue
    fi
    case $value in
      '(null)') value= ;;
      *' '*)
        rest=$value value=
        for word in $rest; do value=$value,$word; done
        value=${value#,}
        ;;
    esac
    line="$line $key=$value"
  done
  physical=
  [ -e "$device/physfn" ] && physical=$(cd -P "$device/physfn" && pwd -P)
  echo "$line physfn=${physical##*/}"
done
