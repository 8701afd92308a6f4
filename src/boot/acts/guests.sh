# Guests: whether they start with the node.

# onboot_of GUEST: 1 where the guest's configuration starts it with the node, else 0; snapshots stand below the first section.
onboot_of() {
  conf=/etc/pve/qemu-server/$1.conf
  [ -r "$conf" ] || die changed "there is no guest $1 on this node any more"
  case $(sed -n '/^\[/q; s/^onboot:[[:space:]]*//p' "$conf" | tail -n 1) in
    1 | on | yes | true) echo 1 ;;
    *) echo 0 ;;
  esac
}

# expect_onboot GUEST VALUE: the guest is set as the plan was made for.
expect_onboot() {
  have=$(onboot_of "$1") || { printf '%s\n' "$have"; exit 1; }
  [ "$have" = "$2" ] || die changed "guest $1 is not set as the plan was made for: expected onboot $2, found $have"
  printf 'ok expect_onboot %s\n' "$1"
}

# set_onboot GUEST FROM TO: compare and write, by Proxmox's own program, which compares the file's digest once more.
set_onboot() {
  have=$(onboot_of "$1") || { printf '%s\n' "$have"; exit 1; }
  if [ "$have" = "$3" ]; then
    printf 'ok set_onboot %s already\n' "$1"
    return
  fi
  [ "$have" = "$2" ] || die changed "guest $1 was set by somebody else: expected onboot $2, found $have"
  digest=$(sha1sum <"/etc/pve/qemu-server/$1.conf" | cut -d ' ' -f 1)
  said=$(timeout 60 qm set "$1" --onboot "$3" --digest "$digest" 2>&1 </dev/null) || die tool "qm set failed: $(printf '%s' "$said" | tail -n 2)"
  [ "$(onboot_of "$1")" = "$3" ] || die write "onboot of guest $1 does not read back as it was set"
  printf 'ok set_onboot %s\n' "$1"
}
