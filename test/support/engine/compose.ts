import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { findOnPath, isExecutable, runCommand } from '../command';
import { CannotInstall, provide, type RealSystem } from '../realSystem';
import type { RealEngine } from './engine';

const version = 'v2.40.3';
const module = 'github.com/docker/compose/v2';
const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'handrail-test');
const built = join(cache, `compose-${version}`, 'docker-compose');

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

async function install(): Promise<void> {
  const go = await findOnPath('go');
  if (!go) {
    throw new CannotInstall(
      'Docker Compose is not installed: https://docs.docker.com/compose/install. (Or install Go.)',
    );
  }
  console.error(`Building Docker Compose ${version} (some minutes, once)…`);
  await mkdir(join(built, '..'), { recursive: true });
  // Made aside and moved at the end, so that two at the same time do not meet.
  const aside = await mkdtemp(join(built, '..', 'making-'));
  const make = (...args: string[]) =>
    runCommand(go, args, { cwd: aside, env: { CGO_ENABLED: '0' }, deadline: 30 * 60_000 });
  try {
    // Its go.mod excludes modules, so that it can be built within another module only.
    await writeFile(join(aside, 'go.mod'), `module compose\n\ngo 1.24.9\n\nrequire ${module} ${version}\n`);
    await writeFile(
      join(aside, 'tools.go'),
      `//go:build tools\n\npackage compose\n\nimport _ "${module}/cmd"\n`,
    );
    await make('mod', 'tidy');
    const flags = `-s -w -X ${module}/internal.Version=${version}`;
    await make('build', '-trimpath', `-ldflags=${flags}`, '-o', 'docker-compose', `${module}/cmd`);
    await rename(join(aside, 'docker-compose'), built);
  } catch (cause) {
    throw new CannotInstall(`go build ${module}/cmd failed: ${String(cause)}`, { cause });
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}
