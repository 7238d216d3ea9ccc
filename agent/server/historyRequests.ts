import { comparableRun } from '../history/comparableRun';
import type { compareRuns, searchRuns } from '../protocol/history';
import type { ResultOf } from '../protocol/message';
import type { lastInputs } from '../protocol/runs';
import type { Agent } from './agent';
import { findRun } from './findRun';

interface Query {
  readonly query: string;
  readonly file?: string | undefined;
  readonly limit: number;
}

/** Answers {@link searchRuns}. */
export function searchRecorded({ query, file, limit }: Query, agent: Agent): ResultOf<typeof searchRuns> {
  return agent.engine().store.search({ query, limit, ...(file !== undefined && { file }) });
}

/** Answers {@link lastInputs}. */
export function tellLastInputs({ file }: { file: string }, agent: Agent): ResultOf<typeof lastInputs> {
  return { inputs: agent.engine().store.lastInputs(file) };
}

/** Answers {@link compareRuns}. */
export async function compareRecorded(
  { left, right }: { left: string; right: string },
  agent: Agent,
): Promise<ResultOf<typeof compareRuns>> {
  const engine = agent.engine();
  const [before, after] = [findRun(engine, left), findRun(engine, right)];
  const { compareRuns: compare } = await import('../history/compareRuns');
  return compare(comparableRun(engine.store, before), comparableRun(engine.store, after));
}
