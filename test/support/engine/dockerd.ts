import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { findOnPath, isExecutable } from '../command';
import { installDebianPackages } from '../debianPackages';
import { provide, type RealSystem } from '../realSystem';
import { type Cage, namespaces, openCage } from './cage';
import { type RealEngine, startEngine } from './engine';

/** Docker's engine; needs Linux and root. */
export const dockerd: RealSystem = {
  name: 'dockerd',
  find: async () =>
    (await namespaces.find())
      ? ((await findOnPath('dockerd')) ?? (await onSystem('/usr/sbin/dockerd')))
      : undefined,
  async install() {
    await provide(namespaces);
    await installDebianPackages('dockerd', ['docker.io', 'iproute2']);
  },
};

/** Many people's PATH is without the system's programs. */
async function onSystem(path: string): Promise<string | undefined> {
  return (await isExecutable(path)) ? path : undefined;
}

export interface DockerOptions {
  /** Whether containers go on while the engine is stopped. */
  readonly liveRestore?: boolean;
  /** Further arguments of dockerd. */
  readonly args?: readonly string[];
  /** Makes the files that further arguments name, in the engine's folder, and gives these arguments. */
  readonly prepare?: (folder: string) => Promise<readonly string[]>;
}

/**
 * Starts a private dockerd. Its containers get a network that the machine reaches; publish ports on 127.0.0.1.
 *
 * @example
 * before(needs(dockerd));
 * await using engine = await startDocker();
 * await engine.load('busybox');
 * await engine.docker('run', '-d', '--name', 'web', 'localhost/busybox:1', 'sleep', '1000');
 */
export async function startDocker(options: DockerOptions = {}): Promise<RealEngine> {
  const program = await provide(dockerd);
  const cage = await openCage('docker', 'bridge');
  const socket = join(cage.folder, 'docker.sock');
  await mkdir(join(cage.folder, 'docker-config'));
  const prepared = (await options.prepare?.(cage.folder)) ?? [];
  const command = [program, ...argumentsOf(cage, socket, options), ...prepared];
  return startEngine({ kind: 'docker', cage, socket, command });
}

function argumentsOf(cage: Cage, socket: string, { liveRestore, args = [] }: DockerOptions): string[] {
  const at = (name: string) => join(cage.folder, name);
  const places = ['--data-root', at('data'), '--exec-root', at('exec'), '--pidfile', at('pid')];
  const { name, second } = cage.bridge!;
  // Neither the machine's bridge nor its packet filter is touched: docker-proxy alone publishes ports.
  const network = ['--bridge', name, '--default-address-pool', `base=10.${second}.0.0/16,size=24`];
  const untouched = ['--iptables=false', '--ip6tables=false', '--ip-masq=false', '--ip-forward=false'];
  const groups = ['--cgroup-parent', cage.cgroup, '--exec-opt', 'native.cgroupdriver=cgroupfs'];
  const live = liveRestore ? ['--live-restore'] : [];
  return ['--host', `unix://${socket}`, ...places, ...network, ...untouched, ...groups, ...live, ...args];
}
