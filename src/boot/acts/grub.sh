# GRUB's own programs.

# check_grub PATH: GRUB's own reader accepts the file.
check_grub() {
  said=$(grub-script-check "$1" 2>&1) || die grub-refuses "grub-script-check refuses $1: $said"
  printf 'ok check_grub %s\n' "$1"
}

# grub_env_value NAME: what GRUB's environment block of /boot/grub gives the variable; empty where it has none.
grub_env_value() {
  grub-editenv - list 2>/dev/null | sed -n "s/^$1=//p"
}

# expect_grub_env NAME VALUE: the variable is what the plan was made for.
expect_grub_env() {
  have=$(grub_env_value "$1")
  [ "$have" = "$2" ] || die changed "$1 of GRUB's environment is not what the plan was made for: expected '$2', found '$have'"
  printf 'ok expect_grub_env %s\n' "$1"
}

# grub_env NAME FROM TO: compare and write a variable of GRUB's environment block of /boot/grub.
grub_env() {
  have=$(grub_env_value "$1")
  if [ "$have" = "$3" ]; then
    printf 'ok grub_env %s already\n' "$1"
    return
  fi
  [ "$have" = "$2" ] || die changed "$1 of GRUB's environment was changed by somebody else: expected '$2', found '$have'"
  if [ -n "$3" ]; then set -- "$1" "$2" "$3" set "$1=$3"; else set -- "$1" "$2" "$3" unset "$1"; fi
  grub-editenv - "$4" "$5" || die write "GRUB's environment block cannot be written: no space, or read-only"
  sync -f /boot/grub/grubenv
  [ "$(grub_env_value "$1")" = "$3" ] || die write "$1 of GRUB's environment does not read back as it was written"
  printf 'ok grub_env %s\n' "$1"
}

# update_grub: the distribution's own generator; what it said when it fails. grub-mkconfig writes over the file that boots (cat), so
# that a power cut in that moment leaves half of it: where update-grub is no more than a call of it, it writes beside that file, and
# only what is whole takes its place.
update_grub() {
  # shellcheck disable=SC2016
  if grep -qx 'exec grub-mkconfig -o /boot/grub/grub.cfg "$@"' "$(command -v update-grub)"; then
    beside=/boot/grub/lanekeeper.cfg
    said=$(timeout -k 10 300 grub-mkconfig -o "$beside" 2>&1 </dev/null) || {
      rm -f "$beside" "$beside.new"
      die generate "grub-mkconfig failed: $(printf '%s' "$said" | tail -n 3)"
    }
    want=$(sum "$beside")
    bytes_to /boot/grub/grub.cfg "$want" 600 <"$beside"
    remove "$beside"
  else
    said=$(timeout -k 10 300 update-grub 2>&1 </dev/null) || die generate "update-grub failed: $(printf '%s' "$said" | tail -n 3)"
    sync -f /boot/grub/grub.cfg
  fi
  printf 'ok update_grub\n'
}

# take_back_config PATH COPY NOTE: grub.cfg as it was, where it is ours or half-written; generated anew where somebody else's.
take_back_config() {
  have=$(sum "$1")
  if [ "$have" = "$(sum "$2")" ]; then
    printf 'ok take_back_config already\n'
  elif [ "$have" = "$(cat "$3" 2>/dev/null)" ] || ! grep -q '^### END /etc/grub.d/41_custom ###' "$1"; then
    restore "$1" "$2" any
  else
    update_grub
  fi
}
