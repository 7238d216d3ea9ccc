import { resolve } from 'node:path';
import type { RunState, RunSummary } from '../../protocol/runs';
import { UsageError, type Action, type Call } from '../call';
import { exitCodes } from '../exitCodes';
import type { RunStore } from '../../store/types';
import { printRows } from '../terminal/columns';
import type { Terminal } from '../terminal/terminal';
import type { Paint } from '../terminal/paint';
import { sayTook } from '../../protocol/sayTook';
import { sayMoment } from '../../protocol/words';
import { plain, sayRunbook } from '../terminal/words';
import { howWords } from './wordRecord';
import { withHistory } from './openHistory';

/** `handrail runs` */
export const runsCommand: Action = async call => {
  const { options, terminal } = call;
  const search = options.text('search');
  if (search !== undefined) return (await import('./searchRuns')).searchRuns(call, search, query(call));
  const runs = (await withHistory(call, store => listed(store, query(call)))) ?? [];
  if (options.flag('json')) void terminal.stdout.write(`${JSON.stringify(runs, null, 2)}\n`);
  else if (runs.length === 0) void terminal.stderr.write('No runs.\n');
  else print(terminal, runs);
  return exitCodes.passed;
};

/** A run as listed, with the steps that it left running on purpose and that go on. */
type Listed = RunSummary & { readonly detached?: readonly string[] };

function listed(store: RunStore, asked: RunsQuery): Listed[] {
  const going = store.detached.list();
  return store.list(asked).runs.map(run => {
    const detached = going.filter(step => step.run === run.id).map(({ name }) => name);
    return detached.length === 0 ? run : { ...run, detached };
  });
}

function print({ stdout, stderr }: Terminal, runs: readonly Listed[]): void {
  printRows(
    stdout,
    runs.map(run => row(run, stdout.paint, Date.now())),
  );
  if (runs.some(({ detached }) => detached !== undefined))
    void stderr.write('To stop what goes on after its run: handrail cancel RUN\n');
}

export interface RunsQuery {
  readonly limit: number;
  readonly file?: string;
  readonly state?: RunState;
}

function query({ options, cwd }: Call): RunsQuery {
  const file = options.text('file');
  const state = options.text('state');
  return {
    limit: limitOf(options.text('limit') ?? '20'),
    ...(file === undefined ? {} : { file: resolve(cwd, file) }),
    ...(state === undefined ? {} : { state: state as RunState }),
  };
}

function limitOf(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1) return Math.min(limit, 10_000);
  throw new UsageError(`--limit ${text} is no number of runs`);
}

/** `8f3a…  deploy-shop · from drain  ✗ smoke-test · 3 min  yesterday 18:02` */
function row(run: Listed, paint: Paint, now: number): string[] {
  return [
    run.id,
    [sayRunbook(run.file), ...partOf(run)].join(paint.dot),
    [`${markOf(run, paint)} ${wordState(run, paint, now)}`, ...goingOn(run)].join(paint.dot),
    sayMoment(run.startedAt, now),
  ];
}

/** What sets it apart from a run of the whole file. */
function partOf({ only, part, continues }: RunSummary): string[] {
  if (continues !== undefined) return [`${howWords[continues.how]} ${continues.run}`];
  return only === undefined ? (part === undefined ? [] : [plain(part)]) : [`only ${plain(only)}`];
}

function goingOn({ detached = [] }: Listed): string[] {
  if (detached.length === 0) return [];
  return [`${detached.map(name => plain(name)).join(', ')} ${detached.length === 1 ? 'goes' : 'go'} on`];
}

function markOf({ state }: Pick<RunSummary, 'state'>, { marks }: Paint): string {
  if (state === 'running') return marks.running;
  return state === 'passed' ? marks.passed : marks.failed;
}

function wordState(run: RunSummary, { dot }: Paint, now: number): string {
  const time = sayTook(run, now);
  if (run.state === 'running')
    return `step ${Math.min(run.stepsDone + 1, run.stepsTotal)} of ${run.stepsTotal}${dot}${time ?? ''}`;
  const where = run.state === 'failed' ? plain(run.step ?? run.state) : run.state;
  const parts = run.state === 'passed' ? [time] : [where, time];
  return parts.filter(part => part !== undefined).join(dot);
}
