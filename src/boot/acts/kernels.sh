# Which kernel boots: pins, and kernel packages.

# pin_now: the kernel that is pinned; empty where none is.
pin_now() {
  cat /etc/kernel/proxmox-boot-pin 2>/dev/null
}

# expect_pin RELEASE: that kernel is pinned; none where it is empty.
expect_pin() {
  have=$(pin_now)
  [ "$have" = "$1" ] || die changed "another kernel is pinned than the plan was made for: expected ${1:-none}, found ${have:-none}"
  printf 'ok expect_pin %s\n' "$1"
}

# next_pin: the kernel that is pinned for the next boot; empty where none is.
next_pin() {
  cat /etc/kernel/next-boot-pin 2>/dev/null
}

# expect_next_pin RELEASE: that kernel is pinned for the next boot.
expect_next_pin() {
  have=$(next_pin)
  [ "$have" = "$1" ] || die changed "another kernel is pinned for the next boot: expected $1, found ${have:-none}"
  printf 'ok expect_next_pin %s\n' "$1"
}

# pin_that_counts: the kernel that Proxmox makes the default: the one pinned for the next boot, else the one that is pinned.
pin_that_counts() {
  for_next=$(next_pin)
  if [ -n "$for_next" ]; then echo "$for_next"; else pin_now; fi
}

# grub_names_pin CONFIG: GRUB's setting and that grub.cfg name the kernel that is pinned ($pinned); where none is, there is no setting, and
# the file names one ($starts) only where an operator's own setting does.
grub_names_pin() {
  pinned=$(pin_that_counts)
  setting=/etc/default/grub.d/proxmox-kernel-pin.cfg
  starts=$(sed -n 's/^[[:space:]]*set default="\([^$"][^"]*\)".*/\1/p' "$1" | tail -n 1)
  grep -q '^### END /etc/grub.d/41_custom ###' "$1" || return 1
  if [ -n "$pinned" ]; then
    grep -qsF "gnulinux-$pinned-advanced" "$setting" || return 1
    case $starts in *"gnulinux-$pinned-advanced"*) ;; *) return 1 ;; esac
  else
    [ ! -e "$setting" ] || return 1
    case $starts in gnulinux-*) grep -qs '^[[:space:]]*GRUB_DEFAULT=.*gnulinux' /etc/default/grub /etc/default/grub.d/*.cfg ;; esac
  fi
}

# pin_stands: what boots knows of the pin as well: after its file the tool writes GRUB's setting, and a refresh the ESPs; either may
# have been cut off.
pin_stands() {
  if [ -s /etc/kernel/proxmox-boot-uuids ]; then
    differs=no
    for_esps note_default
    [ "$differs" = no ]
  else
    grub_names_pin /boot/grub/grub.cfg
  fi
}
note_default() {
  default_agrees || differs=yes
}

# refresh_where_kept: the ESPs, where proxmox-boot-tool keeps some, get what a pin or a package has changed.
refresh_where_kept() {
  [ ! -s /etc/kernel/proxmox-boot-uuids ] || refresh_esps
  sync
}

# set_pin FROM TO: compare and pin, by Proxmox's own program; an empty one is none. ESPs are refreshed.
set_pin() {
  have=$(pin_now)
  case $have in
    "$1" | "$2") ;;
    *) die changed "another kernel was pinned by somebody else: expected ${1:-none}, found ${have:-none}" ;;
  esac
  if [ "$have" = "$2" ] && pin_stands; then
    printf 'ok set_pin %s already\n' "$2"
    return
  fi
  next=$(next_pin)
  if [ -n "$2" ]; then boot_tool kernel pin "$2"; else boot_tool kernel unpin; fi
  # An unpin takes the pin for the next boot along, which is somebody else's.
  if [ -n "$next" ] && [ -z "$(next_pin)" ]; then boot_tool kernel pin "$next" --next-boot; fi
  [ "$(pin_now)" = "$2" ] || die write "the pin does not read back as it was set"
  refresh_where_kept
  printf 'ok set_pin %s\n' "$2"
}

# unpin_next RELEASE / pin_next RELEASE: that kernel's pin for the next boot, away or there again; ESPs are refreshed.
unpin_next() {
  have=$(next_pin)
  case $have in
    "$1" | '') ;;
    *) die changed "another kernel was pinned for the next boot: expected $1, found $have" ;;
  esac
  if [ -z "$have" ] && pin_stands; then
    printf 'ok unpin_next already\n'
    return
  fi
  boot_tool kernel unpin --next-boot
  [ -z "$(next_pin)" ] || die write "the pin for the next boot is still there"
  refresh_where_kept
  printf 'ok unpin_next\n'
}
pin_next() {
  have=$(next_pin)
  case $have in
    "$1" | '') ;;
    *) die changed "another kernel was pinned for the next boot: expected none, found $have" ;;
  esac
  if [ "$have" = "$1" ] && pin_stands; then
    printf 'ok pin_next already\n'
    return
  fi
  boot_tool kernel pin "$1" --next-boot
  [ "$(next_pin)" = "$1" ] || die write "the pin for the next boot does not read back"
  refresh_where_kept
  printf 'ok pin_next %s\n' "$1"
}

# has_package NAME: that package is installed, whole.
has_package() {
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# expect_package PATH SHA NAME: the file on the node is the one that was approved; where NAME is given, installing it would add
# that package alone and take nothing away.
expect_package() {
  have=$(sum "$1")
  [ "$have" = "$2" ] || die changed "$1 is not the package that was approved: expected $2, found $have"
  if [ -n "$3" ] && ! has_package "$3"; then
    said=$(apt-get -s -o Debug::NoLocking=1 install "$1" 2>&1 </dev/null) || die tool "a simulated installation fails: $(printf '%s' "$said" | tail -n 3)"
    adds=$(printf '%s\n' "$said" | sed -n 's/^Inst \([^ ]*\).*/\1/p' | tr '\n' ' ')
    takes=$(printf '%s\n' "$said" | sed -n 's/^Remv \([^ ]*\).*/\1/p' | tr '\n' ' ')
    [ "$adds$takes" = "$3 " ] || die tool "installing $1 would add ${adds:-nothing }and take away ${takes:-nothing}; only $3 may be added"
  fi
  printf 'ok expect_package %s\n' "$1"
}

# install_package PATH SHA NAME RELEASE: that kernel package, beside the others.
install_package() {
  if ! has_package "$3"; then
    expect_package "$1" "$2" "$3"
    said=$(DEBIAN_FRONTEND=noninteractive timeout -k 10 300 dpkg -i "$1" 2>&1 </dev/null) || die tool "dpkg -i failed: $(printf '%s' "$said" | tail -n 3)"
    printf 'ok dpkg -i %s\n' "$1"
  fi
  has_package "$3" || die write "$3 is not installed after its installation"
  [ -e "/boot/vmlinuz-$4" ] || die write "$3 brought no /boot/vmlinuz-$4"
  # Without that the next refresh would take a kernel that is neither pinned nor among the newest off the ESPs.
  [ ! -s /etc/kernel/proxmox-boot-uuids ] || boot_tool kernel add "$4"
  refresh_where_kept
  printf 'ok install_package %s\n' "$3"
}

# remove_package NAME RELEASE: the package gone, never while its kernel runs.
remove_package() {
  if [ -n "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" ]; then
    [ "$(uname -r)" != "$2" ] || die changed "kernel $2 is running, so its package stays"
    said=$(DEBIAN_FRONTEND=noninteractive timeout -k 10 300 dpkg -P "$1" 2>&1 </dev/null) || die tool "dpkg -P failed: $(printf '%s' "$said" | tail -n 3)"
    printf 'ok dpkg -P %s\n' "$1"
  fi
  [ ! -e "/boot/vmlinuz-$2" ] || die write "/boot/vmlinuz-$2 is still there"
  [ ! -s /etc/kernel/proxmox-boot-uuids ] || boot_tool kernel remove "$2"
  refresh_where_kept
  printf 'ok remove_package %s\n' "$1"
}
