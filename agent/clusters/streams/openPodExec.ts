import { randomUUID } from 'node:crypto';
import type * as z from 'zod';
import type { StreamEnd, StreamSink, StreamSource } from '../../byteStream';
import { keeperCommand, markVariable } from '../../exec/markedProcesses';
import type { execInPod } from '../../protocol/clusterStreams';
import { HandrailError } from '../../protocol/errors';
import { ApiRefusal } from '../api/apiRefusal';
import type { LiveCluster } from '../live/liveCluster';
import { fetchObject } from '../objects/readObject';
import { chosenContainer, statusOf } from '../pods/podParts';
import { attachStreams, type AttachedProcess } from './attachStreams';

/** What to run in a pod. */
export type WantedExec = Pick<
  z.output<(typeof execInPod)['params']>,
  'namespace' | 'pod' | 'container' | 'command' | 'terminal'
>;

/** A command that was begun. */
export interface OpenedExec {
  readonly source: StreamSource;
  readonly command: string[];
  readonly container: string;
  readonly ended: Promise<StreamEnd>;
}

/** Starts a command in a container of a pod, or the best shell there is, and carries its output to a sink. */
export async function openPodExec(
  cluster: LiveCluster,
  wanted: WantedExec,
  sink: StreamSink,
): Promise<OpenedExec> {
  const { namespace, pod, terminal } = wanted;
  const found = await fetchObject(cluster, { kind: 'pods', namespace, name: pod });
  const container = chosenContainer(found, wanted.container);
  const where = { namespace, pod, container };
  const shell = await shellIn(cluster, where, found.metadata?.uid ?? '');
  const command = wanted.command ?? [shell ?? noShell(container)];
  const mark = randomUUID();
  // So that what it starts can be ended, too: nodes leave it running when whoever looked on has gone.
  const marked = ['sh', '-c', `export ${markVariable}=${mark}; exec "$@"`, 'sh', ...command];
  const keeper = shell === undefined ? undefined : startKeeper(cluster, where, mark);
  const process = await attachStreams(
    cluster.api,
    { ...where, command: shell === undefined ? command : marked, terminal },
    (channel, bytes) => sink.send(channel, bytes),
  ).catch((error: unknown) => {
    void keeper?.then(each => each?.release(true));
    throw error;
  });
  const ended = process.ended.then(end => explained(cluster, where, end));
  void ended.then(end => sink.end(end));
  let isClosed = false;
  void process.ended.then(async ({ exit }) => (await keeper)?.release(!isClosed && exit !== undefined));
  const close = (): void => {
    isClosed = true;
    process.source.close();
  };
  return { source: { ...process.source, close }, command: [...command], container, ended };
}

function noShell(container: string): never {
  const hint =
    'Say what to run in it instead of a shell, or debug the pod: a container with tools beside it.';
  throw new HandrailError('invalidState', `There is no shell in ${container}`, { hint });
}

/** Ends what a command has started, when whoever looks on has gone: also when that is us, killed. */
interface Keeper {
  /** The command has ended: by itself, then what it has left is left; or not. */
  release(byItself: boolean): void;
}

/** Undefined where there can be none: the pod has just gone. Never rejects for what a cluster says. */
async function startKeeper(cluster: LiveCluster, where: Where, mark: string): Promise<Keeper | undefined> {
  try {
    const asked = { ...where, command: keeperCommand(mark) };
    const { source, endInput } = await attachStreams(cluster.api, asked, () => Promise.resolve());
    return {
      release(byItself) {
        if (byItself) source.write(Buffer.from('done\n'));
        endInput();
        // It needs a moment for both signals.
        setTimeout(() => source.close(), 5000).unref();
      },
    };
  } catch (error) {
    // It says so of the command itself, too.
    if (!(error instanceof HandrailError)) throw error;
    return undefined;
  }
}

interface Where {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

/** Milliseconds that looking for a shell may take. */
const mostOfLooking = 15_000;

/** Shells that were found, by pod and container: undefined where there is none. */
const known = new WeakMap<LiveCluster, Map<string, string | undefined>>();

/** The best shell that a container has. */
async function shellIn(cluster: LiveCluster, where: Where, uid: string): Promise<string | undefined> {
  const shells = known.get(cluster) ?? new Map<string, string | undefined>();
  known.set(cluster, shells);
  const key = `${uid}/${where.container}`;
  if (!shells.has(key)) {
    if (shells.size > 5000) shells.clear();
    shells.set(key, await bestShell(cluster, where));
  }
  return shells.get(key);
}

async function bestShell(cluster: LiveCluster, where: Where): Promise<string | undefined> {
  const words = 'command -v bash || command -v ash || command -v sh';
  const { end, text } = await captured(cluster, where, ['sh', '-c', words]);
  const [shell] = text.trim().split('\n');
  if (end.exit === 0 && shell) return shell;
  if (end.exit !== undefined || /executable file not found|no such file/.test(end.message ?? ''))
    return undefined;
  const message = end.message ?? 'The container does not answer';
  throw new HandrailError('cluster', message, { context: cluster.context.id });
}

/** Runs a short command and gives the beginning of what it prints. */
async function captured(
  cluster: LiveCluster,
  where: Where,
  command: readonly string[],
): Promise<{ end: StreamEnd; text: string }> {
  let text = '';
  let process: AttachedProcess;
  try {
    process = await attachStreams(cluster.api, { ...where, command }, (channel, bytes) => {
      if (channel === 'out' && text.length < 10_000) text += Buffer.from(bytes).toString();
      return Promise.resolve();
    });
  } catch (error) {
    if (error instanceof ApiRefusal && error.status >= 500) return { end: { message: error.message }, text };
    throw error;
  }
  const late = setTimeout(() => process.source.close(), mostOfLooking);
  const end = await process.ended;
  clearTimeout(late);
  return { end, text };
}

/** Why it has ended, where that was not its own end. */
async function explained(cluster: LiveCluster, where: Where, end: StreamEnd): Promise<StreamEnd> {
  const isOwn = end.exit !== undefined && end.exit !== 137;
  if (isOwn || (end.exit === undefined && end.message === undefined)) return end;
  const { namespace, pod, container } = where;
  try {
    const found = await fetchObject(cluster, { kind: 'pods', namespace, name: pod });
    if (found.metadata?.deletionTimestamp !== undefined)
      return { ...end, message: `The pod ${pod} is being removed` };
    const { state, lastState } = statusOf(found, container) ?? {};
    const ended = state?.terminated ?? (state?.waiting && lastState?.terminated);
    if (ended === undefined) return end;
    return { ...end, message: `The container ${container} has ended (exit ${ended.exitCode ?? '?'})` };
  } catch (error) {
    if (error instanceof ApiRefusal && error.status === 404)
      return { ...end, message: `The pod ${pod} has been removed` };
    if (!(error instanceof HandrailError)) throw error;
    const { message, details } = error;
    const hint = typeof details['hint'] === 'string' ? { hint: details['hint'] } : {};
    return { ...end, message: end.message ?? message, ...hint };
  }
}
