import { appendFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { RunRecord } from '../../protocol/runs';
import { replaceFile } from '../../report/replaceFile';
import { reportOf, writeReport } from '../../report/report';
import type { Report } from '../../report/report';
import { wordUnwritable } from '../../report/wordUnwritable';
import type { RunStore } from '../../store/types';
import { readableEnd } from '../../text/readableEnd';
import { UsageError, type Call } from '../call';
import type { WantedReport } from './wantedReport';

/** Writes reports of a run; each file is replaced as a whole. Throws UsageError where one cannot be written. */
export async function writeReports(
  call: Call,
  store: RunStore,
  run: RunRecord,
  wanted: readonly WantedReport[],
): Promise<void> {
  if (wanted.length === 0) return;
  const report = await reportOf(run, (step, maxBytes) =>
    readableEnd(bytes => store.tailOutput(run.id, step, bytes), maxBytes),
  );
  for (const each of wanted) await writeOne(call, report, each);
}

async function writeOne(call: Call, report: Report, { format, path }: WantedReport): Promise<void> {
  const text = writeReport(format, report);
  if (path === undefined) await call.terminal.stdout.write(text);
  else await toFile(resolve(call.cwd, path), text);
  if (format === 'github') await addSummary(call, report);
}

/** The page that GitHub shows for a job; steps of one job share the file. */
async function addSummary({ env }: Call, report: Report): Promise<void> {
  const path = env['GITHUB_STEP_SUMMARY'];
  if (path === undefined || path === '') return;
  await attempt(path, () => appendFile(path, `${writeReport('markdown', report)}\n`));
}

function toFile(path: string, text: string): Promise<void> {
  return attempt(path, () => replaceFile(path, text));
}

async function attempt(path: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    throw new UsageError(wordUnwritable(path, error), { cause: error });
  }
}
