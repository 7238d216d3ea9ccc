import { UsageError, type Call } from '../call';
import { findRunbooks } from '../findRunbooks';
import { plain } from '../terminal/words';
import { openKeyboard } from './keyboard';

/** More than this nobody reads through; they name the file instead. */
const most = 30;

/** Lets the person choose one of the runbooks below the current folder. */
export async function pickRunbook({ cwd, terminal }: Call): Promise<string> {
  const found = await findRunbooks(['.'], cwd);
  if (found.length === 0)
    throw new UsageError('there is no runbook below this folder: name one, handrail run FILE');
  // Files that were written to be run come first.
  const sorted = [...found].sort((a, b) => Number(isRunbook(b.shown)) - Number(isRunbook(a.shown)));
  const offered = sorted.slice(0, most);
  offered.forEach(
    ({ shown }, at) => void terminal.stderr.write(`${String(at + 1).padStart(3)}  ${plain(shown)}\n`),
  );
  if (found.length > most)
    void terminal.stderr.write(`     and ${found.length - most} more: handrail list\n`);
  const keyboard = openKeyboard();
  const answer = await keyboard?.ask('Run which one? ');
  keyboard?.close();
  const chosen = offered[Number(answer?.trim()) - 1];
  if (chosen === undefined) throw new UsageError('nothing was chosen, nothing was run');
  return chosen.path;
}

function isRunbook(path: string): boolean {
  return path.endsWith('.runbook.md');
}
