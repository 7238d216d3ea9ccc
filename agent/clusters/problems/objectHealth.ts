import { cut } from '../../text/cut';
import { cell, type Condition, condition, ratio, sinceOf } from './cells';
import type { Health, Known } from './healthOf';

/** How a Job is. */
export function jobHealth(known: Known): Health {
  const failed = condition(known, 'Failed') ?? condition(known, 'FailureTarget');
  if (failed?.status === 'True') return problem('error', failed.reason ?? 'Failed', failed);
  if (cell(known, 'Status') === 'Failed')
    return problem('error', 'Failed', { message: 'Its pods did not succeed' });
  const [done, wanted] = ratio(cell(known, 'Completions')) ?? [0, 1];
  if (done >= wanted || cell(known, 'Status') === 'Complete') return { state: 'done' };
  return cell(known, 'Status') === 'Suspended' ? { state: 'ok' } : { state: 'progressing' };
}

/** How a claim of storage is. */
export function claimHealth(known: Known): Health {
  const status = cell(known, 'Status');
  if (status === 'Bound') return { state: 'ok' };
  if (status === 'Lost') return problem('error', 'Lost', { message: 'Its volume is gone' });
  const wanted =
    (known.object?.spec?.['storageClassName'] as string | undefined) ?? cell(known, 'StorageClass');
  const message =
    wanted === '' ? 'No volume fits, and no storage class is named' : `It waits for a volume of ${wanted}`;
  return { state: 'progressing', problem: { severity: 'warning', reason: 'Pending', message } };
}

/** How a node is. */
export function nodeHealth(known: Known): Health {
  const words = cell(known, 'Status').split(',');
  const ready = condition(known, 'Ready');
  if (!words.includes('Ready')) {
    const said = { ...ready, message: ready?.message ?? '' };
    return problem('error', 'NotReady', said);
  }
  const pressure = ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'NetworkUnavailable']
    .map(type => condition(known, type))
    .find(each => each?.status === 'True');
  if (pressure !== undefined) return problem('warning', pressure.type ?? 'Pressure', pressure);
  if (!words.includes('SchedulingDisabled')) return { state: 'ok' };
  const message = 'It is cordoned: no new pods come here';
  return { state: 'ok', problem: { severity: 'warning', reason: 'SchedulingDisabled', message } };
}

/** What keeps a namespace from going, the telling ones first: https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/namespace-v1/ */
const stuck = [
  'NamespaceContentRemaining',
  'NamespaceFinalizersRemaining',
  'NamespaceDeletionDiscoveryFailure',
  'NamespaceDeletionGroupVersionParsingFailure',
  'NamespaceDeletionContentFailure',
];

/** How a namespace is; of one that does not go, why. */
export function namespaceHealth(known: Known): Health {
  if (cell(known, 'Status') !== 'Terminating') return { state: 'ok' };
  const why = stuck.map(type => condition(known, type)).filter(each => each?.status === 'True');
  const message = why.map(each => each?.message ?? '').join(' ');
  const since = Date.parse(known.meta.deletionTimestamp ?? '');
  return {
    state: 'terminating',
    problem: {
      severity: 'warning',
      reason: 'Terminating',
      message: message === '' ? 'Its content is being deleted' : cut(message, 2000),
      ...(Number.isFinite(since) && { since }),
    },
  };
}

function problem(severity: 'error' | 'warning', reason: string, said: Condition): Health {
  const message = cut(said.message ?? '', 2000);
  return { state: 'failed', problem: { severity, reason, message, ...sinceOf(said) } };
}
