import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Ends what this process started when this process is killed: a shell in a session of its own that reads a pipe
 * from us. At end of file it kills every process group it was told of and everything that carries our marker.
 */
export interface Guardian {
  /** A process group of ours; starts the guardian with the first one. */
  watch(group: number): void;
  /** The group is empty; its number may soon be somebody else's. */
  forget(group: number): void;
  /** Lets the guardian go without killing anything. */
  close(): void;
}

/**
 * Three rounds, because what is being killed may still fork. `grep -l` tells which environments hold the marker;
 * where there is no /proc, `ps` does.
 */
const script = `
trap '' HUP INT TERM PIPE
groups=' '
while read -r what group; do
  case $what in
    watch) groups="$groups$group ";;
    forget) case $groups in *" $group "*) groups="\${groups%%" $group "*} \${groups#*" $group "}";; esac;;
    close) exit 0;;
  esac
done
for round in 1 2 3 4; do
  for group in $groups; do kill -s KILL -- "-$group"; done
  if [ -r /proc/self/environ ]; then
    for file in $(grep -l "$1" /proc/[0-9]*/environ); do file=\${file#/proc/}; kill -s KILL "\${file%/environ}"; done
  else
    for pid in $(ps -axEww -o pid=,command= | grep -F "$1" | while read -r pid rest; do echo "$pid"; done); do
      [ "$pid" = "$$" ] || kill -s KILL "$pid"
    done
  fi
  sleep 0.2 || sleep 1
done
`;

/** `marker`: `NAME=value` in the environment of everything this process starts. */
export function createGuardian(marker: string): Guardian {
  let shell: ChildProcess | undefined;
  let starting: NodeJS.Immediate | undefined;
  let untold: string[] = [];
  const tell = (line: string): void => {
    if (shell === undefined) untold.push(line);
    else shell.stdin?.write(`${line}\n`);
  };
  const start = (): void => {
    shell = startGuardian(marker);
    for (const line of untold) tell(line);
    untold = [];
  };
  return {
    watch(group) {
      // A moment later, so that the first cell, whose own start this follows, runs meanwhile.
      if (shell === undefined) starting ??= setImmediate(start);
      tell(`watch ${group}`);
    },
    forget: group => tell(`forget ${group}`),
    close() {
      clearImmediate(starting);
      starting = undefined;
      tell('close');
      shell?.stdin?.end();
      shell = undefined;
      untold = [];
    },
  };
}

function startGuardian(marker: string): ChildProcess {
  const shell = spawn('/bin/sh', ['-c', script, 'handrail-guardian', marker], {
    cwd: '/',
    env: { PATH: '/usr/bin:/bin' },
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  shell.unref();
  (shell.stdin as unknown as { unref(): void }).unref();
  // Without a guardian cells still run, and are still ended on every way out but a kill -9 of this process.
  shell.on('error', () => undefined);
  shell.stdin?.on('error', () => undefined);
  return shell;
}
