import type { RunRequest } from '../../engine/types';
import { HandrailError } from '../../protocol/errors';
import type { Call } from '../call';
import { exitCodes } from '../exitCodes';
import { plain } from '../terminal/words';
import type { Keyboard } from './keyboard';

/** A cell that has to be approved before it runs. */
interface Confirm {
  readonly name: string;
  readonly text: string;
  readonly line: number;
}

/**
 * Calls `start`; where it says that approvals are missing and somebody is there, asks for them and starts again.
 * Any answer but yes means that nothing is run.
 */
export async function withApprovals(
  { terminal }: Call,
  keyboard: Keyboard | undefined,
  request: RunRequest,
  start: (request: RunRequest) => Promise<number>,
): Promise<number> {
  try {
    return await start(request);
  } catch (error) {
    const missing = missingApprovals(error);
    if (missing.length === 0 || keyboard === undefined) throw error;
    const approved = Array.isArray(request.approved) ? request.approved : [];
    for (const confirm of missing) {
      const answer = await keyboard.ask(`${plain(confirm.name)}: ${plain(confirm.text)} [y/N] `);
      if (!/^y(es)?$/i.test(answer.trim())) {
        void terminal.stderr.write('cancelled by you: nothing was run\n');
        return exitCodes.cancelled;
      }
    }
    return start({ ...request, approved: [...approved, ...missing.map(({ name }) => name)] });
  }
}

function missingApprovals(error: unknown): readonly Confirm[] {
  if (!(error instanceof HandrailError) || error.code !== 'needsAnswer') return [];
  const { confirm } = error.details;
  return Array.isArray(confirm) ? (confirm as Confirm[]) : [];
}
