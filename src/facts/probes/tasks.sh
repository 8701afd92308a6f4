dir=/var/log/pve/tasks
[ -e "$dir" ] || { [ ! -e /etc/pve ]; exit; }
[ -r "$dir" ] || exit 1
for file in "$dir/active" "$dir/index" "$dir/index.1"; do
  [ ! -e "$file" ] || [ -r "$file" ] || exit 1
done
# In `active` the status comes after a flag and the end time, in `index` after the end time.
cat "$dir/active" "$dir/index" "$dir/index.1" 2>/dev/null | awk '
/:qmstart:/ {
  first = ($2 == "0" || $2 == "1") ? 4 : 3
  if ($first == "" || $first == "OK" || $first == "WARNINGS:" || seen[$1]++) next
  split($1, part, ":")
  print part[5], $1
}' | sort -r | head -n 5 | while read -r time upid; do
  printf '%s\n' "$upid"
  tail -n 100 "$dir/${time#"${time%?}"}/$upid"
  echo
done
