[ -e /etc/default/grub.d ] || exit 0
[ -r /etc/default/grub.d ] || exit 1
for file in /etc/default/grub.d/*.cfg; do
  [ -e "$file" ] || continue
  [ -r "$file" ] || { echo "cat: $file: Permission denied"; exit 1; }
  if [ -s "$file" ]; then
    grep -aH '' "$file"
    last=$(tail -c 1 "$file"; echo .)
    [ "$last" = . ] || [ "$last" = "$(printf '\n.')" ] || echo "\\ no newline at the end of $file"
  else
    echo "\\ nothing in $file"
  fi
done
