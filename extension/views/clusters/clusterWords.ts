import type { ClusterRow, Column, Problem, TableState } from '../../../agent/protocol/clusters';
import type { Context, ContextState, ContextTrouble } from '../../../agent/protocol/contexts';
import { ageText } from '../containers/measures';

/** What a context's row says. `wanted`: a person has unfolded it. */
export function contextDescription(
  context: Context,
  { live, wanted, now }: { live: boolean; wanted: boolean; now: number },
): string {
  const marks = [
    ...(context.production ? ['production'] : []),
    ...(context.readOnly ? ['read-only'] : []),
    ...(context.insecure ? ['not secure'] : []),
  ];
  return [...marks, stateWords(context, live, wanted, now)].filter(word => word !== '').join(' · ');
}

function stateWords({ state, current }: Context, live: boolean, wanted: boolean, now: number): string {
  if (!live && wanted) return 'the agent is away';
  switch (state.kind) {
    case 'idle':
      return current ? 'current · not connected · expand to connect' : 'not connected · expand to connect';
    case 'connecting': {
      const since = now - state.since;
      const what = state.waitsFor === undefined ? 'connecting…' : `waiting for ${state.waitsFor}…`;
      return since < 1000 ? what : `${what} ${ageText(since)}`;
    }
    case 'connected':
      return current ? `current · ${state.version}` : state.version;
    case 'failed':
      return shortMessage(state);
  }
}

/** The reason first and short; the tooltip has all of it. */
function shortMessage({ trouble, message }: Extract<ContextState, { kind: 'failed' }>): string {
  if (trouble !== 'other') return troubles[trouble];
  const line = message.split('\n')[0] ?? '';
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}

const troubles = {
  notThere: 'not there',
  refused: 'connection refused',
  tls: 'certificate trouble',
  silent: 'does not answer',
  login: 'log in',
  plugin: 'no credentials',
  forbidden: 'nothing is allowed',
  invalid: 'its kubeconfig cannot be used',
  version: 'version not spoken',
  busy: 'too busy',
} as const satisfies Record<Exclude<ContextTrouble, 'other'>, string>;

/** What the row of an object says: what is wrong first, then what `kubectl get` prints. */
export function objectDescription(row: ClusterRow, columns: readonly Column[], now: number): string {
  const age = row.createdAt === 0 ? '' : ageText(now - row.createdAt);
  if (row.problem !== undefined) return problemWords(row, columns, now);
  return [...printed(row, columns), age].filter(word => word !== '').join(' · ');
}

/** `0/1 CrashLoopBackOff · 12 restarts · OOMKilled 2 min ago`. */
function problemWords(row: ClusterRow, columns: readonly Column[], now: number): string {
  const { problem } = row;
  if (problem === undefined) return '';
  const ready = cellOf(row, columns, 'Ready');
  const restarts = cellOf(row, columns, 'Restarts').replace(/ .*/, '');
  const { last } = problem;
  const words = [
    [ready, problem.reason].filter(word => word !== '').join(' '),
    /^[1-9]\d*$/.test(restarts) ? `${restarts} restart${restarts === '1' ? '' : 's'}` : '',
    last === undefined ? '' : lastWords(last, now),
    // Where the reason alone does not tell what to do.
    problem.message !== '' && last === undefined ? problem.message : '',
  ];
  return words.filter(word => word !== '').join(' · ');
}

function lastWords({ reason, exit, at }: NonNullable<Problem['last']>, now: number): string {
  const code = exit === undefined || reason === 'OOMKilled' ? '' : ` (exit ${String(exit)})`;
  return `${reason}${code}${at === undefined ? '' : ` ${ageText(now - at)} ago`}`;
}

/** Values of the columns that kubectl prints, without those that the row has elsewhere, or that say nothing. */
function printed({ cells }: ClusterRow, columns: readonly Column[]): string[] {
  return columns.flatMap(({ name, priority }, at) => {
    const value = text(cells[at]);
    if (priority > 0 || elsewhere.has(name.toLowerCase()) || nothing.has(value)) return [];
    if (name === 'Restarts' && /^0\b/.test(value)) return [];
    const isNumber = /^\d+$/.test(value) && (labelled.has(name) || name === 'Ready');
    return [isNumber ? `${value} ${name.toLowerCase()}` : value];
  });
}

/** What is in the label, or that matters only where something is wrong, which the row says then. */
const elsewhere = new Set([
  ...['name', 'age', 'namespace', 'created at', 'last seen'],
  ...['up-to-date', 'available', 'current'],
]);
const nothing = new Set(['', '<none>', '<unset>', '<unknown>']);
/** Numbers that mean nothing without their column's name. */
const labelled = new Set(['Data', 'Restarts', 'Active', 'Desired']);

function cellOf({ cells }: ClusterRow, columns: readonly Column[], name: string): string {
  return text(cells[columns.findIndex(column => column.name === name)]);
}

function text(cell: ClusterRow['cells'][number] | undefined): string {
  return cell === undefined || cell === null ? '' : String(cell);
}

/** All that is known of an object, by column. */
export function objectFacts(row: ClusterRow, columns: readonly Column[]): [name: string, value: string][] {
  const { problem, namespace } = row;
  return [
    ...(problem === undefined ? [] : [['Problem', problemText(problem)] as [string, string]]),
    ...(namespace === undefined ? [] : [['Namespace', namespace] as [string, string]]),
    ...columns.flatMap(({ name }, at): [string, string][] => {
      const value = text(row.cells[at]);
      return nothing.has(value) ? [] : [[name, value]];
    }),
  ];
}

function problemText({ reason, message, container }: Problem): string {
  const where = container === undefined ? '' : ` (${container})`;
  return message === '' ? `${reason}${where}` : `${reason}${where}: ${message}`;
}

/** What keeps a table from being what is there; undefined where nothing does. */
export function tableTrouble(state: TableState): { text: string; hint: string } | undefined {
  switch (state.kind) {
    case 'live':
    case 'loading':
      return undefined;
    case 'failed':
      return { text: state.message, hint: state.hint ?? '' };
    case 'forbidden':
      return {
        text: `You may not ${state.verb} these`,
        hint: [state.message, state.hint ?? ''].join(' ').trim(),
      };
    case 'gone':
      return { text: 'The cluster has no such kind any more', hint: state.message };
  }
}
