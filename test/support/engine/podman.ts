import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findOnPath } from '../command';
import { installDebianPackages } from '../debianPackages';
import { provide, type RealSystem } from '../realSystem';
import { namespaces, openCage } from './cage';
import { type RealEngine, startEngine } from './engine';

/** Podman as a service with Docker's API; needs Linux and root. */
export const podman: RealSystem = {
  name: 'Podman',
  find: async () => ((await namespaces.find()) ? findOnPath('podman') : undefined),
  async install() {
    await provide(namespaces);
    await installDebianPackages('Podman', ['podman', 'iproute2', 'iptables']);
  },
};

/** There is no systemd or journal in the cage. */
const configuration = `
[containers]
log_driver = "k8s-file"
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
`;

/**
 * Starts a private `podman system service`. Its network is its own: the machine reaches no port of its containers.
 * There is no timer that runs health checks; `podman healthcheck run` does.
 */
export async function startPodman(): Promise<RealEngine> {
  const program = await provide(podman);
  const cage = await openCage('podman', 'own');
  const socket = join(cage.folder, 'podman.sock');
  const settings = join(cage.folder, 'containers.conf');
  await writeFile(settings, configuration);
  await mkdir(join(cage.folder, 'docker-config'));
  const places = ['--root', join(cage.folder, 'storage'), '--runroot', join(cage.folder, 'run')];
  const command = [program, ...places, 'system', 'service', '--time', '0', `unix://${socket}`];
  return startEngine({ kind: 'podman', cage, socket, command, env: { CONTAINERS_CONF: settings } });
}
