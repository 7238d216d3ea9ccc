import { randomBytes } from 'node:crypto';
import type * as z from 'zod';
import type { StreamEnd, StreamSink, StreamSource } from '../../byteStream';
import type { debugPod } from '../../protocol/clusterStreams';
import { HandrailError } from '../../protocol/errors';
import type { LiveCluster } from '../live/liveCluster';
import { fetchObject } from '../objects/readObject';
import { chosenContainer, statusOf } from '../pods/podParts';
import { PodWatch } from '../pods/podWatch';
import type { KubeObject } from '../reflector/serverTable';
import { patchTypes } from '../actions/objectPatches';
import { attachStreams } from './attachStreams';

/** What to debug, and with what. */
export type WantedDebug = Pick<
  z.output<(typeof debugPod)['params']>,
  'namespace' | 'pod' | 'target' | 'image' | 'command' | 'terminal'
>;

/** A container for debugging that was begun. */
export interface OpenedDebug {
  readonly source: StreamSource;
  readonly container: string;
  readonly target: string;
  readonly ended: Promise<StreamEnd>;
}

/** Milliseconds that pulling the image and starting it may take. */
const patience = 4 * 60_000;

/**
 * Adds an ephemeral container to a pod and attaches to it. It stays in the pod's record when it has ended.
 * https://kubernetes.io/docs/concepts/workloads/pods/ephemeral-containers/
 */
export async function openDebug(
  cluster: LiveCluster,
  wanted: WantedDebug,
  sink: StreamSink,
  report: (error: unknown) => void,
): Promise<OpenedDebug> {
  const { namespace, pod, image, command, terminal } = wanted;
  const found = await fetchObject(cluster, { kind: 'pods', namespace, name: pod });
  const target = chosenContainer(found, wanted.target);
  const container = `debugger-${randomBytes(3).toString('hex')}`;
  const added = {
    name: container,
    image,
    imagePullPolicy: 'IfNotPresent',
    stdin: true,
    stdinOnce: true,
    tty: terminal !== undefined,
    targetContainerName: target,
    ...(command !== undefined && { command }),
    ...(terminal !== undefined && { env: [{ name: 'TERM', value: 'xterm-256color' }] }),
  };
  const place = ['namespaces', namespace, 'pods', pod, 'ephemeralcontainers'].map(encodeURIComponent);
  await cluster.api.json({
    path: `/api/v1/${place.join('/')}`,
    method: 'PATCH',
    query: { fieldManager: 'handrail' },
    body: { type: patchTypes.strategic, text: JSON.stringify({ spec: { ephemeralContainers: [added] } }) },
  });
  await hasStarted(cluster, { namespace, pod, container }, report);
  const process = await attachStreams(
    cluster.api,
    { namespace, pod, container, terminal },
    (channel, bytes) => sink.send(channel, bytes),
  );
  const ended = process.ended.then(end => explained(cluster, { namespace, pod, container }, end));
  void ended.then(end => sink.end(end));
  return { source: process.source, container, target, ended };
}

interface Where {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

/** Rejects with what keeps it from starting. */
async function hasStarted(
  cluster: LiveCluster,
  { namespace, pod, container }: Where,
  report: (error: unknown) => void,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let last = 'the node has not begun';
  const look = (each: KubeObject): void => {
    const { running, terminated, waiting } = statusOf(each, container)?.state ?? {};
    if (running !== undefined || terminated !== undefined) return resolve();
    if (waiting?.reason !== undefined) last = [waiting.reason, waiting.message].filter(Boolean).join(': ');
    const isHopeless = /^(ErrImageNeverPull|InvalidImageName|ImagePullBackOff|CreateContainer\w*Error)$/;
    if (isHopeless.test(waiting?.reason ?? '')) reject(notStarted(container, last));
  };
  const watch = new PodWatch(
    cluster,
    { namespace, query: { fieldSelector: `metadata.name=${pod}` } },
    ({ pods = [], gone = [] }) => {
      for (const each of pods) look(each);
      if (gone.length > 0) reject(notStarted(container, 'the pod has gone'));
    },
    report,
  );
  const late = setTimeout(() => reject(notStarted(container, last)), patience);
  await promise.finally(() => {
    clearTimeout(late);
    watch.close();
  });
}

function notStarted(container: string, why: string): HandrailError {
  const hint = 'Choose another image. The container stays in the pod until the pod goes.';
  return new HandrailError('cluster', `The container ${container} does not start: ${why}`, { hint });
}

/** An attached process tells no exit code; its pod does. */
async function explained(cluster: LiveCluster, where: Where, end: StreamEnd): Promise<StreamEnd> {
  if (end.message === undefined && end.exit === undefined) return end;
  try {
    for (let tries = 0; tries < 20; tries++) {
      const pod = await fetchObject(cluster, { kind: 'pods', namespace: where.namespace, name: where.pod });
      const exit = statusOf(pod, where.container)?.state?.terminated?.exitCode;
      if (exit !== undefined) return { exit };
      await new Promise<void>(resolve => setTimeout(resolve, 250));
    }
    return end;
  } catch (error) {
    if (!(error instanceof HandrailError)) throw error;
    return { message: error.message };
  }
}
