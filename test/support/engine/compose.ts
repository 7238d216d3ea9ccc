import { mkdir, symlink } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { isExecutable } from '../command';
import { buildGoPrograms, testCache } from '../goBuild';
import { provide, type RealSystem } from '../realSystem';
import type { RealEngine } from './engine';

const version = 'v2.40.3';
const module = 'github.com/docker/compose/v2';
const built = join(testCache, `compose-${version}`, 'docker-compose');

/** Where packages and people put plugins: https://docs.docker.com/compose/install/linux/ */
const places = ['/usr/local/lib', '/usr/local/libexec', '/usr/lib', '/usr/libexec']
  .map(folder => join(folder, 'docker', 'cli-plugins'))
  .concat(join(homedir(), '.docker', 'cli-plugins'));

/** Compose as a plugin of the `docker` program. Where it is not installed it is built from its Go module. */
export const composePlugin: RealSystem = {
  name: 'Docker Compose',
  async find() {
    for (const path of [...places.map(place => join(place, 'docker-compose')), built]) {
      if (await isExecutable(path)) return path;
    }
    return undefined;
  },
  install,
};

/** Has this engine's `docker` (that of {@link RealEngine.env}) know `docker compose`. */
export async function addCompose({ env }: RealEngine): Promise<void> {
  const plugins = join(env['DOCKER_CONFIG']!, 'cli-plugins');
  await mkdir(plugins, { recursive: true });
  await symlink(await provide(composePlugin), join(plugins, 'docker-compose'));
}

function install(): Promise<void> {
  return buildGoPrograms({
    what: `Docker Compose ${version}`,
    hint: 'https://docs.docker.com/compose/install',
    folder: join(built, '..'),
    packages: { 'docker-compose': `${module}/cmd` },
    ldflags: `-s -w -X ${module}/internal.Version=${version}`,
    // Its go.mod excludes modules, so that it can be built within another module only.
    goMod: () => Promise.resolve(`module tests\n\ngo 1.24.9\n\nrequire ${module} ${version}\n`),
  });
}
