/**
 * The guardian's program. `$1`: `NAME=value` in the environment of all that is ours; `$2`: the folder of our sessions'
 * files, where values lie that are masked everywhere else. Its input: lines `watch GROUP`, `left GROUP PID/START…`,
 * `forget GROUP`, `close`. Lists are words between blanks; a process is GROUP/PID/START.
 * At the end of its input the leaders of watched groups still lived, or their numbers could not have been used again:
 * whoever is in such a group is ours. Four rounds, because what is being killed may still fork. `grep -l` tells which
 * environments hold the marker; where there is no /proc, `ps` does.
 */
export const guardianScript = `
trap '' HUP INT TERM PIPE
export LC_ALL=C TZ=UTC
marker=$1 folder=$2 watched=' ' left=' '
forget() {
  case $watched in *" $1 "*) watched="\${watched%%" $1 "*} \${watched#*" $1 "}";; esac
  case $left in *" $1/"*) ;; *) return;; esac
  others=' '
  for one in $left; do case $one in "$1"/*) ;; *) others="$others$one ";; esac; done
  left=$others
}
look() {
  table=' '
  if [ -r /proc/self/stat ]; then
    for file in /proc/[0-9]*/stat; do
      { read -r line <"$file"; } 2>/dev/null || continue
      pid=\${file#/proc/}
      set -- \${line##*) }
      case $groups in *" $3 "*) [ "$1" = Z ] || table="$table$3/\${pid%/stat}/\${20} ";; esac
    done
  else
    table=" $(ps -axo pid=,pgid=,stat=,lstart= | while read -r pid group state a b c d e; do
      case $state in Z*) continue;; esac
      case $groups in *" $group "*) printf %s "$group/$pid/\${a}_\${b}_\${c}_\${d}_$e ";; esac
    done)"
  fi
}
while read -r what group members; do
  forget "$group"
  case $what in
    watch) watched="$watched$group ";;
    left) for one in $members; do left="$left$group/$one "; done;;
    close) exit 0;;
  esac
done
groups=$watched known=$left
for one in $left; do groups="$groups\${one%%/*} "; done
look
for one in $table; do case $watched in *" \${one%%/*} "*) known="$known$one ";; esac; done
for round in 1 2 3 4; do
  look
  for one in $table; do
    pid=\${one#*/} pid=\${pid%%/*}
    case $known in
      *" $one "*) ;;
      *) grep -qF -- "$marker" "/proc/$pid/environ" 2>/dev/null || continue;;
    esac
    kill -s KILL -- "-\${one%%/*}"
  done
  if [ -r /proc/self/environ ]; then
    for file in $(grep -lF -- "$marker" /proc/[0-9]*/environ); do
      file=\${file#/proc/}
      kill -s KILL "\${file%/environ}"
    done
  else
    for pid in $(ps -axEww -o pid=,command= | grep -F -- "$marker" | while read -r pid rest; do echo "$pid"; done); do
      [ "$pid" = "$$" ] || kill -s KILL "$pid"
    done
  fi
  rm -rf -- "$folder"
  sleep 0.2 || sleep 1
done
`;
