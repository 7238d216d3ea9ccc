import type * as z from 'zod';
import { comparableRun } from '../../history/comparableRun';
import { areAlike, compareRuns } from '../../history/compareRuns';
import type { RunComparison } from '../../protocol/history';
import type { Action, Call } from '../call';
import { exitCodes } from '../exitCodes';
import { findRun, noSuchRun, withHistory } from './openHistory';
import { wordComparison } from './wordComparison';

/** `handrail diff RUN RUN`: exit 0 where they are alike, 1 where they differ, as `diff` does. */
export const diffCommand: Action = async call => {
  const comparison = await compare(call);
  const { terminal, options } = call;
  if (options.flag('json')) void terminal.stdout.write(`${JSON.stringify(comparison, null, 2)}\n`);
  else void terminal.stdout.write(wordComparison(comparison, terminal.stdout.paint, Date.now()));
  return areAlike(comparison) ? exitCodes.passed : exitCodes.failed;
};

async function compare(call: Call): Promise<z.infer<typeof RunComparison>> {
  const [left = 'last', right = 'last'] = call.args;
  const comparison = await withHistory(call, store => {
    const [before, after] = [findRun(store, left), findRun(store, right)];
    return compareRuns(comparableRun(store, before), comparableRun(store, after));
  });
  if (comparison === undefined) throw noSuchRun(left);
  return comparison;
}
