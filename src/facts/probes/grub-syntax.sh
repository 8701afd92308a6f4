# The shell that update-grub uses, in an environment of its own, reads the files in the same order.
faults=no
for file in /etc/default/grub /etc/default/grub.d/*.cfg; do
  [ -e "$file" ] || continue
  [ -r "$file" ] || exit 1
  sh -n "$file" 2>&1 || faults=yes
done
[ "$faults" = no ] || exit 0
# shellcheck disable=SC2016
show='
exec 3>&1 >/dev/null
if [ -f /etc/default/grub ]; then . /etc/default/grub; fi
for x in /etc/default/grub.d/*.cfg; do if [ -e "$x" ]; then . "$x"; fi; done
set +e
nl="
"
for name in GRUB_CMDLINE_LINUX GRUB_CMDLINE_LINUX_DEFAULT GRUB_DEFAULT; do
  eval "there=\${$name+yes} value=\${$name-}"
  [ "$there" = yes ] || continue
  printf "%s=" "$name" >&3
  while :; do
    case $value in *"$nl"*) ;; *) break ;; esac
    printf "%s\n+" "${value%%"$nl"*}" >&3
    value=${value#*"$nl"}
  done
  printf "%s\n" "$value" >&3
done'
values=$(env -i PATH="$PATH" LC_ALL=C sh -ec "$show" 2>/dev/null)
code=$?
if [ "$code" = 0 ]; then
  [ -z "$values" ] || printf '%s\n' "$values"
  exit 0
fi
{ env -i PATH="$PATH" LC_ALL=C sh -ec "$show" >/dev/null; } 2>&1
echo "/etc/default/grub: sourcing it as update-grub does ends with exit status $code"
exit 0
