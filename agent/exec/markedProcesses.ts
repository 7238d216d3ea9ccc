// How what a command has started in a container is known again.

/** Name of the variable that all that a command starts in a container has in its environment. */
export const markVariable = 'HANDRAIL_EXEC';

/** Sends a signal to all processes whose environment has the mark: arguments are signal and mark. */
export const signalScript = `
for place in /proc/[0-9]*; do
  while IFS= read -r line || [ -n "$line" ]; do
    case $line in *"$2"*) kill -s "$1" "\${place#/proc/}"; break ;; esac
  done <"$place/environ"
done 2>/dev/null
exit 0`;

/**
 * Waits in the container for the end of its input, which engines bring about with the connection it comes by. They do
 * not do that to a terminal: what runs there would stay. Arguments: the mark, seconds from the first signal to the last.
 */
const keeperScript = `
trap '' INT TERM HUP
while IFS= read -r line; do [ "$line" = done ] && exit 0; done
for signal in HUP KILL; do
  for place in /proc/[0-9]*; do
    while IFS= read -r line || [ -n "$line" ]; do
      case $line in *"$1"*) kill -s "$signal" "\${place#/proc/}"; break ;; esac
    done <"$place/environ"
  done 2>/dev/null
  [ "$signal" = KILL ] || sleep "$2"
done
exit 0`;

/** Seconds. */
const grace = '1';

/** A command that waits for the end of its input, then ends all that has the mark; `done` and a newline dismiss it. */
export function keeperCommand(mark: string): string[] {
  return ['sh', '-c', keeperScript, 'handrail', `${markVariable}=${mark}`, grace];
}
