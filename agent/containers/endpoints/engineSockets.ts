import { join } from 'node:path';

/** A socket that an engine may listen at. */
export interface EngineSocket {
  readonly path: string;
  /** For a person. */
  readonly name: string;
}

type Env = Readonly<Record<string, string>>;

/** Where `docker` looks that was told nothing. */
export function defaultSocket(platform: NodeJS.Platform): string {
  return platform === 'win32' ? '//./pipe/docker_engine' : '/var/run/docker.sock';
}

/** Sockets beside the default one where engines are known to listen, rootful and rootless. `uid`: of this user. */
export function engineSockets(env: Env, platform: NodeJS.Platform, uid: number): EngineSocket[] {
  if (platform === 'win32') return [{ path: '//./pipe/podman-machine-default', name: 'podman' }];
  const home = env['HOME'] ?? '';
  const runtime = env['XDG_RUNTIME_DIR'] ?? `/run/user/${uid}`;
  return [
    { path: join(runtime, 'docker.sock'), name: 'docker (rootless)' },
    { path: join(runtime, 'podman', 'podman.sock'), name: 'podman (rootless)' },
    { path: '/run/podman/podman.sock', name: 'podman' },
    ...(home === '' ? [] : desktopSockets(home)),
  ];
}

function desktopSockets(home: string): EngineSocket[] {
  return [
    { path: join(home, '.docker', 'run', 'docker.sock'), name: 'docker desktop' },
    { path: join(home, '.docker', 'desktop', 'docker.sock'), name: 'docker desktop' },
    { path: join(home, '.colima', 'default', 'docker.sock'), name: 'colima' },
    { path: join(home, '.rd', 'docker.sock'), name: 'rancher desktop' },
    { path: join(home, '.orbstack', 'run', 'docker.sock'), name: 'orbstack' },
  ];
}
