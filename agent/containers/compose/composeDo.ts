import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import type * as z from 'zod';
import { HandrailError } from '../../protocol/errors';
import type { composeDo as request } from '../../protocol/containerActions';
import { quoted } from '../../executors/shell/quote';
import type { StreamEnd, StreamSink, StreamSource } from '../../byteStream';
import type { FoundEndpoint } from '../endpoints/foundEndpoint';
import { composeProgram } from './composeProgram';
import { composeProject } from './composeProject';

type Wanted = Omit<z.output<(typeof request)['params']>, 'endpoint' | 'by'>;

/** A compose command that was begun. */
export interface OpenedCompose {
  readonly source: StreamSource;
  /** As a person would type it. */
  readonly command: string;
  readonly ended: Promise<StreamEnd>;
}

/** What needs the project's files; the rest works on its containers alone. */
const needFiles: readonly Wanted['do'][] = ['up', 'pull', 'build'];

/** Milliseconds from the wish to end to the end by force. */
const grace = 10_000;

/** Runs a compose command on a project; what it says goes to the sink, with lines as a terminal ends them. */
export async function composeDo(
  docker: Docker,
  endpoint: FoundEndpoint,
  wanted: Wanted,
  sink: StreamSink,
): Promise<OpenedCompose> {
  const { project, services, environment } = wanted;
  refuseOptions(services);
  const { program, name, args } = await composeProgram(endpoint, environment);
  const { files, missing, folder } = await composeProject(docker, project);
  if (needFiles.includes(wanted.do) && (missing.length > 0 || files.length === 0)) {
    const hint = 'Run it on the machine that has them.';
    const what = missing.length > 0 ? missing.join(', ') : 'Its compose files';
    throw new HandrailError('notFound', `${what} cannot be found on this machine`, { hint });
  }
  const from = missing.length > 0 ? [] : files.flatMap(file => ['--file', file]);
  const words = [...args, '--project-name', project, ...from, ...wordsOf(wanted.do), '--', ...services];
  const child = spawn(program, words, {
    cwd: folder ?? '/',
    env: withoutPlaces(environment),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const exited = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  await once(child, 'spawn');
  const carried = Promise.all([carry(child.stdout, 'out', sink), carry(child.stderr, 'err', sink)]);
  const ended = carried.then(async () => endOf(await exited));
  void ended.then(end => sink.end(end));
  return { source: sourceOf(child.pid, exited), command: [name, ...words].map(quoted).join(' '), ended };
}

/** Names come from labels, which anybody may set. */
function refuseOptions(services: readonly string[]): void {
  const odd = services.find(service => service.startsWith('-'));
  if (odd === undefined) return;
  const message = `The service ${odd} has a name that compose would take for an option`;
  throw new HandrailError('invalidState', message, { service: odd });
}

/** Without what would lead `docker` elsewhere than its options do. */
function withoutPlaces(env: Wanted['environment']): Record<string, string> {
  const places = /^DOCKER_(HOST|CONTEXT|TLS|TLS_VERIFY|CERT_PATH)$/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !places.test(name)));
}

function wordsOf(action: Wanted['do']): string[] {
  switch (action) {
    case 'up':
      return ['up', '--detach'];
    case 'downVolumes':
      return ['down', '--volumes'];
    default:
      return [action];
  }
}

async function carry(stream: Readable, channel: 'out' | 'err', sink: StreamSink): Promise<void> {
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    await sink.send(channel, Buffer.from(chunk.toString('latin1').replace(/\r?\n/g, '\r\n'), 'latin1'));
  }
}

function endOf([code, signal]: [number | null, NodeJS.Signals | null]): StreamEnd {
  return code === null ? { message: `It was ended by ${String(signal)}` } : { exit: code };
}

function sourceOf(pid: number | undefined, exited: Promise<unknown>): StreamSource {
  const send = (signal: NodeJS.Signals): void => {
    try {
      if (pid !== undefined) process.kill(-pid, signal);
    } catch (error) {
      // It has ended already.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  };
  return {
    write: () => {
      throw new HandrailError('invalidState', 'Compose takes no input here', {});
    },
    resize: () => undefined,
    close: () => {
      send('SIGTERM');
      const timer = setTimeout(() => send('SIGKILL'), grace);
      timer.unref();
      void exited.then(() => clearTimeout(timer));
    },
  };
}
