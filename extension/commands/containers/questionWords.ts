import { objectName } from '../../views/containers/objectWords';
import type { Target } from './targets';

/** What a person is asked before something that cannot be taken back. */
export interface Question {
  /** `Remove`: what the button says, and the beginning of the question. */
  readonly verb: string;
  /** `container`; several are `containers`. */
  readonly what: string;
  /** Further ways to say yes, such as `Remove with Volumes`. */
  readonly also?: readonly string[];
  readonly detail?: string;
}

/** Names in a question; more are counted. */
const namedAtMost = 12;

/** `Remove container api (running) on docker (default), host buildbox?`, and which they are where there are several. */
export function questionWords(
  targets: readonly Target[],
  places: readonly string[],
  { verb, what, detail }: Question,
): { message: string; detail: string } {
  const names = targets.map(({ row }) => wordsOf(row));
  const [only] = names;
  const subject =
    names.length === 1 && only !== undefined ? `${what} ${only}` : `${String(names.length)} ${what}s`;
  const left = names.length - namedAtMost;
  const listed =
    names.length === 1
      ? []
      : [...names.slice(0, namedAtMost), ...(left > 0 ? [`and ${String(left)} more`] : [])];
  return {
    message: `${verb} ${subject} on ${places.join('; ')}?`,
    detail: [listed.join('\n'), detail ?? ''].filter(part => part !== '').join('\n\n'),
  };
}

function wordsOf(row: Target['row']): string {
  return row.kind === 'container' && row.state !== 'exited'
    ? `${objectName(row)} (${row.state})`
    : objectName(row);
}
