/** Bytes after which a log goes on in a new file; the part before is kept beside it, so that there is twice as much at most. */
export const detachedLogLimit = 32 << 20;

/**
 * Carries what a detached program prints into its log. It is a shell of its own, because the program outlives us and
 * must not wait for anybody; it lives until nobody holds the other end. A size limit of the system would kill the
 * program (SIGXFSZ). `dd` takes what there is and no more than it writes, unlike `head`. `$1`: the log, `$2`: its limit.
 */
export const detachedLog = `
trap '' HUP INT TERM
umask 077
PATH=/usr/bin:/bin
export LC_ALL=C
size() { if [ -e "$1" ]; then wc -c <"$1"; else echo 0; fi; }
while :; do
  before=$(size "$1")
  if ! dd bs=65536 count=64 >>"$1" 2>/dev/null; then
    # A full disk, say, or a folder that was removed: what cannot be written is lost, and the program goes on.
    [ "$(dd bs=65536 count=1 2>/dev/null | wc -c)" -eq 0 ] && break
    continue
  fi
  now=$(size "$1")
  [ "$now" -eq "$before" ] && break
  [ "$now" -lt "$2" ] && continue
  cut=
  [ -e "$1.1" ] && cut=' What came before that is not kept.'
  mv -f "$1" "$1.1"
  printf '[handrail: what was printed before this is in %s.%s]\n' "$1.1" "$cut" >"$1"
done
`;
