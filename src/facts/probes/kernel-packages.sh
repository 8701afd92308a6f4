for deb in /var/lib/lanekeeper/packages/*.deb; do
  [ -e "$deb" ] || continue
  sum=
  [ -r "$deb.sha256" ] && read -r sum _ <"$deb.sha256"
  printf 'deb: %s %s %s %s\n' "$deb" "${sum:--}" "$(dpkg-deb -f "$deb" Package)" "$(dpkg-deb -f "$deb" Version)"
done
exit 0
