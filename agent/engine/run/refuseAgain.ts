import { HandrailError } from '../../protocol/errors';
import { mayHaveActed } from '../../protocol/mayHaveActed';
import type { RunRecord } from '../../protocol/runs';
import type { RunStore } from '../../store/types';
import { isUndone } from './resumePoint';
import { withUndone } from './withUndone';

/**
 * Throws HandrailError `invalidState` where a later run went on from this one and did something that nothing has undone:
 * it would be done twice.
 */
export function refuseAgain(earlier: RunRecord, store: RunStore): void {
  for (const { id } of store.goneOn(earlier.id).toReversed()) {
    const later = store.find(id);
    if (later?.continues?.how !== 'resume') continue;
    const { steps } = withUndone(later, store);
    const isTakenBack = steps.some(step => isUndone(step, steps));
    const hasActed = steps.some(step => step.undoes === undefined && mayHaveActed(step));
    if (later.state !== 'running' && (isTakenBack || !hasActed)) continue;
    throw refused(earlier, `was gone on from by run ${id} already: ${nextOf(later, earlier)}`);
  }
}

function nextOf({ id, state }: RunRecord, earlier: RunRecord): string {
  if (state === 'running') return 'wait for its end, or cancel it';
  if (state !== 'passed') return `go on from that one: handrail resume ${id}`;
  return `it passed. All of it again: handrail resume --all ${earlier.id}`;
}

/** Nothing can be gone on with. */
export function refused(run: RunRecord, why: string): HandrailError {
  return new HandrailError('invalidState', `Run ${short(run)} ${why}`, { run: run.id, state: run.state });
}

/** As runs are called among people. */
export function short({ id }: RunRecord): string {
  return id.slice(0, 4);
}
