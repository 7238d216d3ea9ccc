import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { runCommand } from '../command';
import { provide, type Started } from '../realSystem';
import { waitFor } from '../waitFor';
import type { Cage } from './cage';
import { dockerProgram } from './dockerProgram';
import { imageFile, type TestImage } from './images';

/** A real container engine for one test, with images, containers and a socket of its own. */
export interface RealEngine extends Started {
  readonly kind: 'docker' | 'podman';
  /** `unix://` and {@link socket}. */
  readonly address: string;
  /** Path of the socket; the same after `stop` and `start`. */
  readonly socket: string;
  /** Private folder that goes with the engine. */
  readonly folder: string;
  /** Where it runs; what is started in there ends with it. */
  readonly cage: Cage;
  /** For programs that are to find this engine and no other: `DOCKER_HOST`, an empty `DOCKER_CONFIG`. */
  readonly env: Readonly<Record<string, string>>;
  /** Makes images of {@link TestImage} known to the engine; no registry. */
  load(...images: readonly TestImage[]): Promise<void>;
  /** Runs the `docker` program on this engine and gives its stdout, trimmed. Throws with what it said if it fails. */
  docker(...args: readonly string[]): Promise<string>;
  /** Starts it again where it was stopped: same socket, same data. */
  start(): Promise<void>;
  /** Ends the engine in an orderly way. Its containers end too, unless it was started with `liveRestore`. */
  stop(): Promise<void>;
  /** `stop` and `start`. */
  restart(): Promise<void>;
  /** SIGKILL, as in a crash; containers go on. */
  kill(): Promise<void>;
  /** Has it hang: it takes connections and answers nothing, until {@link thaw}. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
}

/** What differs between engines. */
interface Kind {
  readonly kind: RealEngine['kind'];
  readonly cage: Cage;
  /** The server's program and arguments. */
  readonly command: readonly string[];
  readonly socket: string;
  readonly env?: Record<string, string>;
}

/** What of this process's environment would have the `docker` program go elsewhere. */
const foreign = { DOCKER_CONTEXT: '', DOCKER_TLS_VERIFY: '', DOCKER_CERT_PATH: '', DOCKER_API_VERSION: '' };

/** Starts it and waits until it answers. */
export async function startEngine({ kind, cage, command, socket, env }: Kind): Promise<RealEngine> {
  const log = join(cage.folder, 'engine.log');
  const own = { DOCKER_HOST: `unix://${socket}`, DOCKER_CONFIG: join(cage.folder, 'docker-config') };
  let pid = 0;
  const end = async (signal: 'TERM' | 'KILL') => {
    await cage.signal(pid, signal);
    await cage.ended(pid, 60_000);
  };
  const docker = async (...args: readonly string[]) => {
    const program = await provide(dockerProgram);
    return (
      await runCommand(program, [...args], { env: { ...foreign, ...own }, deadline: 120_000 })
    ).trimEnd();
  };
  const engine: RealEngine = {
    kind,
    address: own.DOCKER_HOST,
    socket,
    folder: cage.folder,
    cage,
    env: own,
    docker,
    load: async (...images) => {
      for (const image of images) await docker('load', '--quiet', '--input', await imageFile(image));
    },
    start: async () => {
      pid = await cage.start(command, 'engine.log', {
        PATH: `${process.env['PATH']}:/usr/sbin:/sbin`,
        ...env,
      });
      await untilReady(socket, log);
    },
    stop: () => end('TERM'),
    kill: () => end('KILL'),
    restart: async () => {
      await engine.stop();
      await engine.start();
    },
    freeze: () => cage.signal(pid, 'STOP'),
    thaw: () => cage.signal(pid, 'CONT'),
    [Symbol.asyncDispose]: () => cage[Symbol.asyncDispose](),
  };
  try {
    await engine.start();
  } catch (error) {
    await cage[Symbol.asyncDispose]();
    throw error;
  }
  return engine;
}

async function untilReady(socket: string, log: string): Promise<void> {
  try {
    await waitFor('the engine to answer', () => answersPing(socket), 60_000);
  } catch (cause) {
    const said = await readFile(log, 'utf8');
    throw new Error(`The engine did not start. It said:\n${said.split('\n').slice(-15).join('\n')}`, {
      cause,
    });
  }
}

/** Whether something says OK to `GET /_ping`; https://docs.docker.com/reference/api/engine/version/v1.41/ */
export function answersPing(socket: string, deadline = 2000): Promise<boolean> {
  return new Promise(resolve => {
    const ping = request({ socketPath: socket, path: '/_ping', timeout: deadline }, response => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    ping.once('timeout', () => ping.destroy());
    ping.once('error', () => resolve(false));
    ping.once('close', () => resolve(false));
    ping.end();
  });
}
