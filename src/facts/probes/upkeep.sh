if command -v zpool >/dev/null; then
  status=$(zpool status) || echo 'unread: zpool status failed'
  printf '%s\n' "$status" | awk '/^ *pool:/ { pool = $2 } /resilver in progress/ { print "resilver: " pool }'
fi
if command -v dpkg-query >/dev/null; then
  dpkg-query -W -f='${db:Status-Status} ${Package}\n' | sed -n '/^\(installed\|config-files\|not-installed\) /!s/^\([^ ]*\) \(.*\)/half-installed: \2 (\1)/p'
fi
for module in /var/lib/dkms/*/*/*/*/module; do
  [ -e "$module" ] || continue
  module=${module#/var/lib/dkms/}
  version=${module#*/}
  kernel=${version#*/}
  printf 'dkms: %s %s\n' "${module%%/*}" "${kernel%%/*}"
done
for kind in osd mon; do
  ids=
  for folder in /var/lib/ceph/"$kind"/ceph-*; do [ -e "$folder" ] && ids="$ids ${folder##*-}"; done
  [ -n "$ids" ] || continue
  # shellcheck disable=SC2086
  said=$(timeout 8 ceph "$kind" ok-to-stop $ids 2>&1)
  case $? in
    0) echo "ceph-$kind: ok" ;;
    16) printf 'ceph-%s: no %s\n' "$kind" "$(printf '%s' "$said" | tail -n 1)" ;;
    *) printf 'unread: ceph %s ok-to-stop: %s\n' "$kind" "$(printf '%s' "$said" | tail -n 1)" ;;
  esac
done
echo 'looked: yes'
