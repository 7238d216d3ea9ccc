import { leftToUndo } from '../../engine/run/leftToUndo';
import type { RunRequest } from '../../engine/types';
import type { RunRecord } from '../../protocol/runs';
import type { Call } from '../call';
import { plain } from '../terminal/words';
import { isApproved } from './answers';
import type { Keyboard } from './keyboard';

/**
 * After a run that failed: offers to undo what it has done, as far as its runbook says how, and has `undo` do it where
 * the person says yes.
 */
export async function offerRollback(
  { terminal }: Call,
  keyboard: Pick<Keyboard, 'ask'>,
  request: RunRequest,
  run: RunRecord,
  undo: (request: RunRequest) => Promise<unknown>,
): Promise<void> {
  const left = run.state === 'failed' ? leftToUndo(run) : [];
  if (left.length === 0) return;
  const words = left.map(({ done, undoing }) => `${plain(done.name)} by ${plain(undoing.name)}`);
  const question = `\nRoll back ${words.join(', then ')}?`;
  if (!(await isApproved(keyboard, question, undefined))) return;
  void terminal.stderr.write('\n');
  await undo({
    ...request,
    selection: { kind: 'all' },
    rollback: false,
    continues: { run: run.id, how: 'rollback' },
  });
}
