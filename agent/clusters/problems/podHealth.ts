import type { Problem } from '../../protocol/clusters';
import { cut } from '../../text/cut';
import { cell, condition, ratio, sinceOf } from './cells';
import type { Health, Known } from './healthOf';

/** https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#ContainerStatus */
export interface ContainerStatus {
  readonly name: string;
  readonly image?: string;
  readonly ready?: boolean;
  readonly restartCount?: number;
  readonly state?: ContainerState;
  readonly lastState?: ContainerState;
}

export interface ContainerState {
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly running?: { readonly startedAt?: string };
  readonly terminated?: {
    readonly reason?: string;
    readonly message?: string;
    readonly exitCode?: number;
    readonly signal?: number;
    readonly startedAt?: string;
    readonly finishedAt?: string;
  };
}

/** Milliseconds after which a container that was started again counts as well. */
const recent = 3_600_000;
/** Milliseconds that a pod may take to be ready before that is a problem. */
const patience = 60_000;

/** How a pod is: from what was printed of it where that says that it is well, else from all of it. */
export function podHealth(known: Known, now: number = Date.now()): Health {
  const status = cell(known, 'Status');
  if (status === 'Completed' || status === 'Succeeded') return { state: 'done' };
  const fromObject = known.object === undefined ? undefined : problemOf(known, now);
  if (fromObject !== undefined) return fromObject;
  const [ready, all] = ratio(cell(known, 'Ready')) ?? [0, 0];
  if (status === 'Running') {
    if (ready === all) return { state: 'ok' };
    const reason = condition(known, 'Ready')?.reason ?? 'NotReady';
    const message = `${ready} of ${all} containers are ready`;
    const young = now - Date.parse(known.meta.creationTimestamp ?? '') < patience;
    return { state: 'progressing', ...(!young && { problem: { severity: 'warning', reason, message } }) };
  }
  if (status === 'Terminating') return { state: 'terminating' };
  if (/^(ContainerCreating|PodInitializing|Init:\d+\/\d+|Pending)$/.test(status))
    return { state: 'progressing' };
  return { state: 'failed', problem: { severity: 'error', reason: status, message: '' } };
}

function problemOf(known: Known, now: number): Health | undefined {
  const status = known.object?.status ?? {};
  const scheduled = condition(known, 'PodScheduled');
  if (scheduled?.status === 'False') {
    const message = cut(scheduled.message ?? '', 2000);
    const reason = scheduled.reason ?? 'Unschedulable';
    return { state: 'failed', problem: { severity: 'error', reason, message, ...sinceOf(scheduled) } };
  }
  if (status['phase'] === 'Failed' && typeof status['reason'] === 'string') {
    const message = cut((status['message'] as string | undefined) ?? '', 2000);
    return { state: 'failed', problem: { severity: 'error', reason: status['reason'], message } };
  }
  const found = statusesOf(known.object?.status).flatMap(each => containerProblem(each, now) ?? []);
  const worst = found.find(({ severity }) => severity === 'error') ?? found[0];
  if (worst === undefined) return undefined;
  return { state: worst.severity === 'error' ? 'failed' : 'ok', problem: worst };
}

/** Statuses of all containers of a pod, the init ones first. */
export function statusesOf(
  status: Readonly<Record<string, unknown>> | undefined,
): readonly ContainerStatus[] {
  return ['initContainerStatuses', 'containerStatuses'].flatMap(
    list => (status?.[list] as readonly ContainerStatus[] | undefined) ?? [],
  );
}

const beginning = new Set(['ContainerCreating', 'PodInitializing']);

function containerProblem(container: ContainerStatus, now: number): Problem | undefined {
  const { name, state = {} } = container;
  const last = lastEnd(container);
  const { waiting, terminated } = state;
  const more = { container: name, ...(last && { last }) };
  if (waiting?.reason !== undefined && !beginning.has(waiting.reason)) {
    const message = cut(waiting.message ?? '', 2000);
    return { severity: 'error', reason: waiting.reason, message, ...more };
  }
  if (terminated !== undefined && terminated.exitCode !== 0) {
    const { reason = 'Error', exitCode, message = '' } = terminated;
    const said = message === '' ? `It ended with exit ${exitCode ?? 'unknown'}` : cut(message, 2000);
    const since = Date.parse(terminated.finishedAt ?? '');
    return { severity: 'error', reason, message: said, ...more, ...(Number.isFinite(since) && { since }) };
  }
  if (last?.at === undefined || now - last.at > recent || (last.exit === 0 && last.reason === 'Completed'))
    return undefined;
  const message = `It was started again after ${last.reason}`;
  return { severity: 'warning', reason: last.reason, message, ...more };
}

/** How a container ended before it was started again. */
export function lastEnd({ lastState }: ContainerStatus): Problem['last'] {
  const end = lastState?.terminated;
  if (end === undefined) return undefined;
  const at = Date.parse(end.finishedAt ?? '');
  return {
    reason: end.reason ?? 'Error',
    ...(end.exitCode !== undefined && { exit: end.exitCode }),
    ...(Number.isFinite(at) && { at }),
  };
}
