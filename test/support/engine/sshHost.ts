import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { findOnPath, isExecutable, runCommand } from '../command';
import { installDebianPackages } from '../debianPackages';
import { provide, type RealSystem } from '../realSystem';
import { waitFor } from '../waitFor';
import { dockerProgram } from './dockerProgram';
import type { RealEngine } from './engine';
import { freePort } from '../freePort';

const usual = '/usr/sbin/sshd';

export const sshd: RealSystem = {
  name: 'sshd',
  find: async () => (await findOnPath('sshd')) ?? ((await isExecutable(usual)) ? usual : undefined),
  install: () => installDebianPackages('sshd', ['openssh-server', 'openssh-client']),
};

/** A host to log in to with a key; its `docker` talks to one engine, so that `ssh://` endpoints work. */
export interface SshHost {
  /** `ssh://USER@127.0.0.1:PORT` */
  readonly address: string;
  /** For `ssh -F`: names the key and trusts the host. */
  readonly config: string;
  /** Private key; its host's public one in `knownHosts`. */
  readonly key: string;
  readonly knownHosts: string;
  /** PATH with an `ssh` first that uses {@link config}: what `docker -H ssh://…` and others that start `ssh` need. */
  readonly env: Readonly<Record<'PATH', string>>;
  /** Nobody can log in any more; sessions that are there go on. */
  stop(): Promise<void>;
}

/** Starts a private sshd beside a Docker engine; it ends with the engine. */
export async function startSshHost(engine: RealEngine): Promise<SshHost> {
  const program = await provide(sshd);
  const folder = join(engine.folder, 'ssh');
  const at = (name: string) => join(folder, name);
  await mkdir(at('bin'), { recursive: true });
  for (const name of ['host', 'key']) {
    await runCommand('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', at(name)], { deadline: 10_000 });
  }
  const port = await freePort();
  await writeFile(at('authorized'), await readFile(at('key.pub')));
  await writeFile(at('known'), `[127.0.0.1]:${port} ${await readFile(at('host.pub'), 'utf8')}`);
  await writeFile(
    at('sshd_config'),
    serverConfig(at, port, engine.socket, dirname(await provide(dockerProgram))),
  );
  await writeFile(at('config'), clientConfig(at));
  await writeFile(
    at('bin/ssh'),
    `#!/bin/sh\nexec "${(await findOnPath('ssh'))!}" -F "${at('config')}" "$@"\n`,
    { mode: 0o755 },
  );
  // sshd insists on a folder that belongs to the whole machine; the cage has a /run of its own.
  const start = [
    'sh',
    '-c',
    'mkdir -p -m 755 /run/sshd; exec "$@"',
    'sshd',
    program,
    '-D',
    '-e',
    '-f',
    at('sshd_config'),
  ];
  const pid = await engine.cage.start(start, 'ssh.log');
  await waitFor('sshd to listen', () => listens(port), 20_000);
  return {
    address: `ssh://${userInfo().username}@127.0.0.1:${port}`,
    config: at('config'),
    key: at('key'),
    knownHosts: at('known'),
    env: { PATH: `${at('bin')}:${process.env['PATH'] ?? ''}` },
    stop: async () => {
      await engine.cage.signal(pid, 'KILL');
      await engine.cage.ended(pid, 10_000);
    },
  };
}

type At = (name: string) => string;

function serverConfig(at: At, port: number, socket: string, docker: string): string {
  return [
    `ListenAddress 127.0.0.1:${port}`,
    `HostKey ${at('host')}`,
    `AuthorizedKeysFile ${at('authorized')}`,
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication no',
    'PermitRootLogin prohibit-password',
    'PidFile none',
    'MaxStartups 100',
    `SetEnv DOCKER_HOST=unix://${socket} PATH=${docker}:/usr/bin:/bin`,
    '',
  ].join('\n');
}

function clientConfig(at: At): string {
  return [
    'Host *',
    `  IdentityFile ${at('key')}`,
    '  IdentitiesOnly yes',
    '  BatchMode yes',
    `  UserKnownHostsFile ${at('known')}`,
    '  StrictHostKeyChecking yes',
    '',
  ].join('\n');
}

function listens(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
