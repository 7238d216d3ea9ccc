import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';
import { createInterface } from 'node:readline';
import { findOnPath, runCommand } from '../command';
import { CannotInstall, type RealSystem } from '../realSystem';
import { temporaryFolder } from '../temporaryFolder';

/**
 * A Linux namespace of processes and mounts. All that is started within ends with it, however it hides, and its mounts,
 * control groups and bridges go too; also when this process is killed, since the cage's first process waits for that.
 */
export interface Cage extends AsyncDisposable {
  /** Goes with the cage. Short enough for sockets. */
  readonly folder: string;
  /** Parent of the control groups that are made within. */
  readonly cgroup: string;
  /** A bridge of the machine for this cage alone, `10.N.0.1/24`; all of `10.N.0.0/16` is for it. Only with `bridge`. */
  readonly bridge?: { readonly name: string; readonly second: number };
  /** Starts a program, with its output appended to a file, and gives its pid within the cage. */
  start(command: readonly string[], log: string, env?: Record<string, string>): Promise<number>;
  signal(pid: number, signal: 'TERM' | 'KILL' | 'STOP' | 'CONT'): Promise<void>;
  /** Resolves when the process is no more; throws after `deadline` ms. */
  ended(pid: number, deadline: number): Promise<void>;
}

/** `bridge`: on the machine's network, with a bridge. `own`: a network of its own, which the machine cannot reach. */
export type CageNetwork = 'bridge' | 'own';

/** What a {@link Cage} is made with. */
export const namespaces: RealSystem = {
  name: 'Namespaces',
  async find() {
    const unshare = await findOnPath('unshare');
    const tried = ['--mount', '--pid', '--net', '--fork', 'true'];
    return (
      unshare &&
      runCommand(unshare, tried, { deadline: 5000 }).then(
        () => unshare,
        () => undefined,
      )
    );
  },
  install: () =>
    Promise.reject(new CannotInstall('A container engine for tests alone needs Linux and root.')),
};

export async function openCage(name: string, network: CageNetwork): Promise<Cage> {
  const { path: folder } = await temporaryFolder(`handrail-${name}`);
  const cgroup = `/${basename(folder)}`;
  const candidates = network === 'bridge' ? await freeNetworks() : [];
  const args = ['-c', keeper, 'cage', folder, cgroup, network, first, ...candidates.map(String)];
  // Its own session, so that Ctrl-C leaves it the time to clean up.
  const outer = spawn('sh', args, { stdio: ['pipe', 'pipe', 'inherit'], detached: true });
  const exited = once(outer, 'exit');
  const { pid, second } = await opened(outer.stdout);
  const within = (command: readonly string[], deadline: number, env: Record<string, string> = {}) =>
    runCommand('nsenter', [...enter(pid, network), '--', ...command], { deadline, env });
  return {
    folder,
    cgroup,
    ...(network === 'bridge' && { bridge: { name: `hr${second}`, second } }),
    start: async (command, log, env) =>
      Number(await within(['sh', '-c', starter, join(folder, log), ...command], 10_000, env)),
    signal: async (process, signal) => {
      await within(['sh', '-c', 'kill -s "$0" "$1"', signal, String(process)], 10_000);
    },
    ended: async (process, deadline) => {
      await within(['sh', '-c', waiter, String(process)], deadline);
    },
    [Symbol.asyncDispose]: async () => {
      outer.stdin.end();
      await exited;
    },
  };
}

/**
 * Prints the control groups that are ours, by their whole names: other engines and the system itself have groups beside
 * them. Podman's have a parent that is everybody's and are named for the containers, as are folders of its storage.
 */
const ours = `
case $folder in */handrail-*) ;; *) exit 1 ;; esac
case $cgroup in /handrail-*) ;; *) exit 1 ;; esac
ours() {
  for place in /sys/fs/cgroup /sys/fs/cgroup/*; do
    [ ! -d "$place$cgroup" ] || echo "$place$cgroup"
    for container in "$folder"/storage/*-containers/*; do
      id=\${container##*/}
      case $id in *[!0-9a-f]*) continue ;; esac
      [ \${#id} -eq 64 ] || continue
      for group in "$place/libpod_parent/libpod-$id" "$place/libpod_parent/libpod-conmon-$id"; do
        [ ! -d "$group" ] || echo "$group"
      done
    done
  done
}`;

/**
 * The first process within. At the end of what it reads from us it ends, and the kernel ends all others for it; those of a
 * paused container (freezer of cgroup v1) have to be thawed for that. What engines leave in places of the whole machine
 * (sockets of shims, names of networks) they leave in file systems of the cage.
 */
const first = `
folder=$1 cgroup=$2 own=$3
${ours}
[ ! "$own" ] || ip link set lo up
for place in /run /var/lib/cni /var/lib/containers; do
  [ ! -d "$place" ] || mount -t tmpfs tmpfs "$place"
done
echo ready
cat >/dev/null
ours | while read -r group; do
  find "$group" -name freezer.state -exec sh -c 'echo THAWED >"$0"' {} ';'
done`;

/** Outside: makes the namespaces, and removes what is left once they are gone. */
const keeper = `
folder=$1 cgroup=$2 network=$3 first=$4; shift 4
${ours}
trap '' INT TERM HUP
exec 3<&0
for second; do ip link add "hr$second" type bridge 2>/dev/null && break; done
if [ "$second" ]; then ip addr add "10.$second.0.1/24" dev "hr$second"; ip link set "hr$second" up; fi
[ "$network" = own ] && own=--net || own=
unshare --mount --pid $own --fork --mount-proc sh -c "$first" first "$folder" "$cgroup" "$own" <&3 &
echo "pid=$! second=$second"
wait $!
[ ! "$second" ] || ip -o -4 addr show to "10.$second.0.0/16" | while read -r _ link _; do ip link del "$link"; done
ours | while read -r group; do find "$group" -depth -type d -exec rmdir {} ';'; done
rm -rf "$folder"
`;

const starter = '"$@" >>"$0" 2>&1 </dev/null & echo $!';

const waiter = 'while kill -0 "$0" 2>/dev/null; do sleep 0.02; done';

function enter(pid: number, network: CageNetwork): string[] {
  const at = (name: string) => `/proc/${pid}/ns/${name}`;
  const own = network === 'own' ? [`--net=${at('net')}`] : [];
  return [`--mount=${at('mnt')}`, `--pid=${at('pid_for_children')}`, ...own];
}

/** Waits until the namespaces are there. */
async function opened(output: Readable): Promise<{ pid: number; second: number }> {
  let numbers: RegExpExecArray | null = null;
  let ready = false;
  for await (const line of createInterface(output)) {
    if (line === 'ready') ready = true;
    else numbers = /^pid=(\d+) second=(\d*)$/.exec(line);
    if (ready && numbers) return { pid: Number(numbers[1]), second: Number(numbers[2]) };
  }
  throw new Error('No namespaces of processes and mounts could be made; stderr has the reason.');
}

/** Second bytes of 10.N.0.0/16 that nothing on this machine goes to, in random order: others choose at the same time. */
async function freeNetworks(): Promise<number[]> {
  const routes = await readFile('/proc/net/route', 'latin1');
  // Little-endian hexadecimal: 10.77.0.0 is 00004D0A.
  const taken = new Set(
    [...routes.matchAll(/\t[0-9A-F]{4}([0-9A-F]{2})0A\t/g)].map(([, byte]) => parseInt(byte!, 16)),
  );
  const free = Array.from({ length: 128 }, (_, index) => index + 100).filter(byte => !taken.has(byte));
  return free
    .map(byte => ({ byte, order: Math.random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ byte }) => byte);
}
