# Files: compare and write, keep, give back.

# sum PATH: sha256 of the file, or the word absent.
sum() {
  if [ -e "$1" ]; then sha256sum <"$1" | cut -d ' ' -f 1; else echo absent; fi
}

# bytes_to PATH: what comes in becomes the file, complete and on disk, or the file stays as it was.
bytes_to() {
  new="${1%/*}/.lanekeeper.new"
  rm -f "$new"
  if [ -e "$1" ]; then cp -p "$1" "$new" 2>/dev/null || { rm -f "$new"; die write "nothing can be written beside $1: no space, or read-only"; }; fi
  cat >"$new" || { rm -f "$new"; die write "writing beside $1: no space, or read-only"; }
  if [ -n "${2:-}" ] && [ "$(sum "$new")" != "$2" ]; then
    rm -f "$new"
    die write "what was written beside $1 is not what was sent: no space?"
  fi
  if [ -n "${3:-}" ] && ! [ -e "$1" ]; then chmod "$3" "$new"; fi
  if ! { sync "$new" && mv -f "$new" "$1" && sync "${1%/*}"; }; then
    rm -f "$new"
    die write "$1 could not be replaced"
  fi
}

# expect PATH SHA: the file is what the plan was made for, and can be replaced later.
expect() {
  [ -L "$1" ] && die changed "$1 is a symbolic link, which is not written through"
  have=$(sum "$1")
  [ "$have" = "$2" ] || die changed "$1 is not what the plan was made for: expected $2, found $have"
  [ -w "${1%/*}" ] || die write "the folder of $1 cannot be written: read-only"
  printf 'ok expect %s\n' "$1"
}

# put PATH MODE BEFORE AFTER <<base64: compare and write. BEFORE and AFTER are sha256, BEFORE may be absent.
put() {
  [ -L "$1" ] && die changed "$1 is a symbolic link, which is not written through"
  have=$(sum "$1")
  if [ "$have" = "$4" ]; then
    printf 'ok put %s already\n' "$1"
    return
  fi
  [ "$have" = "$3" ] || die changed "$1 is not what the plan was made for: expected $3, found $have"
  mkdir -p "${1%/*}" || die write "the folder of $1 cannot be made: no space, or read-only"
  base64 -d | bytes_to "$1" "$4" "$2" || exit 1
  [ "$(sum "$1")" = "$4" ] || die write "$1 does not read back as it was written"
  printf 'ok put %s\n' "$1"
}

# anew PATH MODE SHA <<base64: a file of lanekeeper's own, whatever stood there.
anew() {
  mkdir -p "${1%/*}" || die write "the folder of $1 cannot be made: no space, or read-only"
  base64 -d | bytes_to "$1" "$3" "$2" || exit 1
  [ "$(sum "$1")" = "$3" ] || die write "$1 does not read back as it was written"
  printf 'ok anew %s\n' "$1"
}

# keep PATH COPY: a copy of the file as it is before the first act; never overwritten.
keep() {
  mkdir -p "${2%/*}" || die write "the folder of $2 cannot be made: no space, or read-only"
  if [ -e "$1" ] && ! [ -e "$2" ]; then
    want=$(sum "$1")
    mode=$(stat -Lc %a "$1")
    bytes_to "$2" "$want" "$mode" <"$1"
  fi
  printf 'ok keep %s %s\n' "$1" "$(sum "$2")"
}

# restore PATH COPY OURS: the kept bytes again, where the file is still what the change made of it (OURS: sha256, or any).
restore() {
  old=$(sum "$2")
  have=$(sum "$1")
  if [ "$old" = absent ]; then die changed "the kept copy $2 is gone"; fi
  if [ "$have" = "$old" ]; then
    printf 'ok restore %s already\n' "$1"
    return
  fi
  if [ "$3" != any ] && [ "$have" != "$3" ]; then die changed "$1 was edited by somebody else: expected $3, found $have"; fi
  mode=$(stat -c %a "$2")
  bytes_to "$1" "$old" "$mode" <"$2"
  printf 'ok restore %s\n' "$1"
}

# can_restore PATH COPY OURS: going back would lose nobody's edit: the file is ours (sha256), or as it was (COPY; empty where there
# was no file). Nothing is written.
can_restore() {
  have=$(sum "$1")
  old=absent
  if [ -n "$2" ]; then
    old=$(sum "$2")
    [ "$old" != absent ] || die changed "the kept copy $2 is gone"
  fi
  case $have in
    "$old" | "$3") printf 'ok can_restore %s\n' "$1" ;;
    *) die changed "$1 was edited by somebody else: expected $3, found $have" ;;
  esac
}

# take_back PATH COPY OURS: the kept bytes again where the file is ours (sha256); somebody else's edit is left alone, and told of.
take_back() {
  have=$(sum "$1")
  old=$(sum "$2")
  if [ "$have" = "$old" ]; then
    printf 'ok take_back %s already\n' "$1"
  elif [ "$have" = "$3" ]; then
    restore "$1" "$2" "$3"
  else
    printf 'left %s\n' "$1"
  fi
}

# give_back PATH OURS THEIRS <<base64: the bytes that come in again where the file is ours (sha256); somebody else's edit is left alone, and told of.
give_back() {
  case $(sum "$1") in
    "$3") printf 'ok give_back %s already\n' "$1" ;;
    "$2") put "$1" 644 "$2" "$3" ;;
    *) printf 'left %s\n' "$1" ;;
  esac
}

# remember PATH NOTE: what the file is after our own writing, so that going back can tell it from somebody else's.
remember() {
  sum "$1" >"$2" || die write "$2 cannot be written: no space, or read-only"
  printf 'ok remember %s\n' "$1"
}

# remove PATH: the file is gone, and no power cut brings it back.
remove() {
  if ! { rm -f "$1" && sync "${1%/*}"; }; then die write "$1 cannot be removed for good"; fi
}

# drop PATH OURS: removes a file that is still ours (sha256, or any).
drop() {
  have=$(sum "$1")
  if [ "$have" != absent ]; then
    if [ "$2" != any ] && [ "$have" != "$2" ]; then die changed "$1 was edited by somebody else: expected $2, found $have"; fi
    remove "$1"
  fi
  printf 'ok drop %s\n' "$1"
}

# drop_ours PATH OURS: removes the file if it is ours; somebody else's is left alone, and told of.
drop_ours() {
  case $(sum "$1") in
    absent) ;;
    "$2") remove "$1" ;;
    *) printf 'left %s\n' "$1" ;;
  esac
  printf 'ok drop_ours %s\n' "$1"
}

# if_it_can ACT PATH ARG...: the act, or the words that the file was left as it is; what goes wrong with it ends nothing.
if_it_can() {
  if answer=$("$@"); then printf '%s\n' "$answer"; else printf 'left %s\n' "$2"; fi
}

# show PATH: the file's bytes, for the bot to read.
show() {
  if [ -e "$1" ]; then
    printf 'file %s %s\n' "$1" "$(base64 <"$1" | tr -d '\n')"
  else
    printf 'absent %s\n' "$1"
  fi
}
