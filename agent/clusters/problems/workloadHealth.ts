import { cut } from '../../text/cut';
import { cell, condition, ratio, sinceOf } from './cells';
import type { Health, Known } from './healthOf';

/** How a Deployment, StatefulSet, DaemonSet or ReplicaSet is: whether all it wants is there. */
export function workloadHealth(known: Known): Health {
  const [ready, wanted] = ratio(cell(known, 'Ready')) ?? countsOf(known);
  const failure = condition(known, 'ReplicaFailure');
  if (failure?.status === 'True') return failed('error', failure.reason ?? 'ReplicaFailure', failure);
  const progressing = condition(known, 'Progressing');
  if (progressing?.status === 'False')
    return failed('error', progressing.reason ?? 'NotProgressing', progressing);
  if (ready >= wanted) return { state: 'ok' };
  const available = condition(known, 'Available');
  const message = `${ready} of ${wanted} are ready`;
  if (available?.status === 'False') {
    const said = { ...available, message };
    return failed(ready === 0 ? 'error' : 'warning', available.reason ?? 'NotAvailable', said);
  }
  return { state: 'progressing', problem: { severity: 'warning', reason: 'NotReady', message } };
}

/** DaemonSets and ReplicaSets are printed as `Desired`, `Current`, `Ready`. */
function countsOf(known: Known): readonly [number, number] {
  return [Number(cell(known, 'Ready')), Number(cell(known, 'Desired'))];
}

function failed(
  severity: 'error' | 'warning',
  reason: string,
  said: { readonly message?: string; readonly lastTransitionTime?: string },
): Health {
  const message = cut(said.message ?? '', 2000);
  return { state: 'failed', problem: { severity, reason, message, ...sinceOf(said) } };
}
