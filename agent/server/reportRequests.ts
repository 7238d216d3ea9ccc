import type { reportRun } from '../protocol/history';
import type { ReportFormat } from '../protocol/reportFormats';
import { HandrailError } from '../protocol/errors';
import type { ResultOf } from '../protocol/message';
import { readableEnd } from '../text/readableEnd';
import type { Agent } from './agent';
import { findRun } from './findRun';

interface Wanted {
  readonly run: string;
  readonly format: ReportFormat;
  readonly path: string;
}

/** Answers {@link reportRun}. */
export async function reportToFile(
  { run, format, path }: Wanted,
  agent: Agent,
): Promise<ResultOf<typeof reportRun>> {
  const engine = agent.engine();
  const record = findRun(engine, run);
  const [{ reportOf, writeReport }, { replaceFile }, { wordUnwritable }] = await Promise.all([
    import('../report/report'),
    import('../report/replaceFile'),
    import('../report/wordUnwritable'),
  ]);
  const report = await reportOf(record, (step, maxBytes) =>
    readableEnd(bytes => engine.store.tailOutput(record.id, step, bytes), maxBytes),
  );
  const text = writeReport(format, report);
  try {
    await replaceFile(path, text);
  } catch (error) {
    throw new HandrailError('store', wordUnwritable(path, error), { path }, { cause: error });
  }
  return { bytes: Buffer.byteLength(text) };
}
