import type { Action } from '../call';
import { exitCodes } from '../exitCodes';
import { findRun, noSuchRun, withHistory } from '../history/openHistory';
import { writeReports } from './runReports';
import { formatOf } from './wantedReport';

/** `handrail report RUN` */
export const reportCommand: Action = async call => {
  const [id = 'last'] = call.args;
  const format = formatOf(call.options.text('format') ?? 'markdown');
  const path = call.options.text('output');
  const done = await withHistory(call, async store => {
    await writeReports(call, store, findRun(store, id), [{ format, path }]);
    return exitCodes.passed;
  });
  if (done === undefined) throw noSuchRun(id);
  return done;
};
