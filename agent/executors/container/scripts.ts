// Programs for the POSIX sh of a container. They use what a shell has in itself wherever they can, because a small image
// has little else. Values come as arguments, never as text of a script.

/**
 * Defines `handrail_find TEXT [PID.START…]`: prints the pids of all processes whose environment holds the text, of those
 * named that are still the same (with the time they started at, as in `/proc/PID/stat`), and of the descendants of all.
 * What we run there ourselves does not have the text: it is given to what a cell starts only.
 */
const find = `
handrail_has() {
  while IFS= read -r handrail_line || [ -n "$handrail_line" ]; do
    case $handrail_line in *"$2"*) return 0 ;; esac
  done <"/proc/$1/environ"
  return 1
}
handrail_parent() {
  while read -r handrail_key handrail_value; do
    if [ "$handrail_key" = PPid: ]; then echo "$handrail_value"; return; fi
  done <"/proc/$1/status"
}
handrail_start() {
  { IFS= read -r handrail_stat <"/proc/$1/stat"; } 2>/dev/null || return
  set -- \${handrail_stat##*) }
  echo "\${20}"
}
handrail_find() {
  handrail_found=" "
  handrail_text=$1
  shift
  for handrail_known; do
    handrail_pid=\${handrail_known%.*}
    if [ "$(handrail_start "$handrail_pid")" = "\${handrail_known#*.}" ]; then handrail_found="$handrail_found$handrail_pid "; fi
  done
  for handrail_place in /proc/[0-9]*; do
    handrail_pid=\${handrail_place#/proc/}
    if handrail_has "$handrail_pid" "$handrail_text"; then handrail_found="$handrail_found$handrail_pid "; fi
  done 2>/dev/null
  if [ "$handrail_found" = " " ]; then return; fi
  handrail_more=yes
  while [ -n "$handrail_more" ]; do
    handrail_more=
    for handrail_place in /proc/[0-9]*; do
      handrail_pid=\${handrail_place#/proc/}
      case $handrail_found in *" $handrail_pid "*) continue ;; esac
      handrail_up=$(handrail_parent "$handrail_pid")
      if [ "\${handrail_up:-0}" -le 1 ]; then continue; fi
      case $handrail_found in
        *" $handrail_up "*) handrail_found="$handrail_found$handrail_pid "; handrail_more=yes ;;
      esac
    done 2>/dev/null
  done
  echo "$handrail_found"
}
handrail_kill() {
  for handrail_try in 1 2 3 4 5; do
    handrail_left=$(handrail_find "$@")
    if [ -z "$handrail_left" ]; then return; fi
    kill -KILL $handrail_left 2>/dev/null
  done
}
`;

/**
 * Holds a session in a container: makes its folder, tells what there is, waits for the end of its input, then ends all
 * that the session has started. So nothing is left when we are killed: the engine ends its input with our connection.
 * Arguments: name of the folder, texts in the environment of what its cells start and of what they run in; `own` where
 * the container was made for us: as a user whom its image does not know, they have a home there all the same.
 * Prints sections ended by NUL: folder, where it is, umask, path of bash, `env`, the environment, `end`.
 */
export const anchor = `${find}
handrail_mask=$(umask)
umask 077
for handrail_base in /tmp /dev/shm /var/tmp /run "$PWD"; do
  if mkdir "$handrail_base/$1" 2>/dev/null; then handrail_folder=$handrail_base/$1; break; fi
done
if [ "$4" = own ] && [ -n "$handrail_folder" ] && [ ! -w "\${HOME:-/}" ]; then
  mkdir "$handrail_folder/home"
  export HOME="$handrail_folder/home"
fi
printf '%s\\0%s\\0%s\\0%s\\0env\\0' "$handrail_folder" "$PWD" "$handrail_mask" "$(command -v bash)"
cat /proc/self/environ
printf '\\0end\\0'
trap '' INT TERM HUP
while IFS= read -r handrail_line; do :; done
handrail_kill "$2"
handrail_kill "$3"
if [ -n "$handrail_folder" ]; then rm -rf "$handrail_folder"; fi
`;

/**
 * Runs a cell and tells when it is over: its exit status in a file, a mark on each output. The cell may have removed the
 * folder of these files, as with `rm -rf /tmp/*`. Then it stops itself, because
 * an engine does nothing else in the container for seconds after the end of a command whose output others still hold.
 * Arguments: markers of host and cell, folder, base name of its files, mark, columns and rows of the terminal (0: none),
 * whether its input is to be written to its file, that file, names of variables that are not to be there; then the command.
 */
export const wrapper = `
handrail_host=$1 handrail_cell=$2 handrail_cwd=$3 handrail_path=$4 handrail_mark=$5 handrail_columns=$6 handrail_rows=$7
handrail_write=$8
shift 8
handrail_file=$1 handrail_unset=$2
shift 2
if [ -n "$handrail_unset" ]; then unset -v $handrail_unset; fi
trap : INT TERM QUIT
trap '' HUP
handrail_place() { [ -d "\${handrail_path%/*}" ] || (umask 077; mkdir "\${handrail_path%/*}"); }
handrail_place
echo $$ >"$handrail_path.pid"
if [ "$handrail_write" = yes ]; then
  (umask 077; cat >"$handrail_file") || { echo "The cell could not be written to $handrail_file" >&2; exit 125; }
fi
if [ "$handrail_columns" != 0 ]; then stty columns "$handrail_columns" rows "$handrail_rows" 2>/dev/null; fi
if ! cd "$handrail_cwd" 2>/dev/null; then
  handrail_status=cwd
elif [ "$handrail_columns" != 0 ]; then
  HANDRAIL_HOST=$handrail_host HANDRAIL_CELL=$handrail_cell "$@"
  handrail_status=$?
else
  HANDRAIL_HOST=$handrail_host HANDRAIL_CELL=$handrail_cell "$@" </dev/null
  handrail_status=$?
fi
handrail_place
echo "$handrail_status" >"$handrail_path.status"
printf '%s' "$handrail_mark"
if [ "$handrail_columns" = 0 ]; then printf '%s' "$handrail_mark" >&2; fi
kill -STOP $$
`;

/**
 * Gives what a cell left in its files and removes them, and lets go of what it ran in, unless processes are left that
 * hold its output. Arguments: their base name, the most bytes of a file of outputs, the cell's mark.
 * Prints the status and a line end, the length of the file of outputs and a line end, that file, the state.
 */
export const collect = `${find}
if [ -z "$(handrail_find "$3")" ]; then
  { read -r handrail_pid <"$1.pid" && kill -KILL "$handrail_pid"; } 2>/dev/null
fi
handrail_size=0
if [ -f "$1.output" ]; then handrail_size=$(wc -c <"$1.output"); fi
if [ "$handrail_size" -gt "$2" ]; then handrail_size=$2; fi
cat "$1.status" 2>/dev/null || echo
echo $((handrail_size))
if [ "$handrail_size" -gt 0 ]; then head -c "$handrail_size" "$1.output"; fi
if [ -f "$1.state" ]; then cat "$1.state"; fi
rm -rf "$1" "$1".*
`;

/** Writes its input into a file that only its owner can read. Argument: its path. */
export const writeFile = `umask 077; [ -d "\${1%/*}" ] || mkdir "\${1%/*}"; cat >"$1"`;

/**
 * Sends a signal to all that `handrail_find` finds and prints them as it takes them: one whose parent has ended meanwhile
 * is known the next time. Arguments: the signal's name, then those of `handrail_find`.
 */
export const signalAll = `${find}
handrail_signal=$1
shift
if [ "$handrail_signal" = KILL ]; then handrail_kill "$@"; exit; fi
handrail_all=$(handrail_find "$@")
for handrail_one in $handrail_all; do echo "$handrail_one.$(handrail_start "$handrail_one")"; done
if [ -n "$handrail_all" ]; then kill -"$handrail_signal" $handrail_all 2>/dev/null; fi
`;

/** Prints pid and command line, each ended by NUL, of all processes with a text in their environment. */
export const listAll = `${find}
for handrail_pid in $(handrail_find "$1"); do
  handrail_command=$(tr '\\0' ' ' <"/proc/$handrail_pid/cmdline" 2>/dev/null)
  if [ -n "$handrail_command" ]; then printf '%s\\0%s\\0' "$handrail_pid" "$handrail_command"; fi
done
`;

/** Prints the path of the first program that is there. Arguments: their names. */
export const findProgram = `for handrail_name; do if command -v "$handrail_name"; then exit; fi; done`;
