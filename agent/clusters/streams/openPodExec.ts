import type * as z from 'zod';
import type { StreamEnd, StreamSink, StreamSource } from '../../byteStream';
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
  const command = wanted.command ?? [await bestShell(cluster, where)];
  const process = await attachStreams(cluster.api, { ...where, command, terminal }, (channel, bytes) =>
    sink.send(channel, bytes),
  );
  const ended = process.ended.then(end => explained(cluster, where, end));
  void ended.then(end => sink.end(end));
  return { source: process.source, command: [...command], container, ended };
}

interface Where {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

/** Milliseconds that looking for a shell may take. */
const mostOfLooking = 15_000;

async function bestShell(cluster: LiveCluster, where: Where): Promise<string> {
  const words = 'command -v bash || command -v ash || command -v sh';
  const { end, text } = await captured(cluster, where, ['sh', '-c', words]);
  const [shell] = text.trim().split('\n');
  if (end.exit === 0 && shell?.startsWith('/')) return shell;
  if (end.exit === undefined && !/executable file not found|no such file/.test(end.message ?? ''))
    throw new HandrailError('cluster', end.message ?? 'The container does not answer', {
      context: cluster.context.id,
    });
  const hint =
    'Say what to run in it instead of a shell, or debug the pod: a container with tools beside it.';
  throw new HandrailError('invalidState', `There is no shell in ${where.container}`, { hint });
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
