import { askText } from '../../../quickInput';
import { checkMayChange } from '../checkMayChange';
import type { ClusterParts } from '../clusterCommands';
import { actOnChosen } from './actOnChosen';
import { wordObject } from './confirmChange';
import { changesOf } from './labelChanges';
import { objectsOf, type Rows } from './objectsOf';

/** Asks for labels or annotations to set or to take away. */
export function marking(what: 'label' | 'annotate'): (parts: ClusterParts, rows: Rows) => Promise<void> {
  const words = what === 'label' ? 'Label' : 'Annotate';
  return async (parts, rows) => {
    const chosen = await objectsOf(parts, rows, `${words} What?`);
    const [first] = chosen;
    if (first === undefined) return;
    await checkMayChange(parts, chosen, 'mark');
    const typed = await askText({
      title: `${words} ${chosen.length === 1 ? wordObject(first) : `${String(chosen.length)} objects`}`,
      prompt: 'name=value sets one, name- takes one away; several with blanks between',
      validateInput: text =>
        changesOf(text) === undefined ? 'Write name=value, or name- to take it away.' : undefined,
    });
    const changes = typed === undefined ? undefined : changesOf(typed);
    if (changes !== undefined) await actOnChosen(parts, { do: what, changes }, chosen);
  };
}
