import type { ReportFormat } from '../protocol/reportFormats';
import type { RunRecord } from '../protocol/runs';
import { githubReport } from './githubReport';
import { htmlReport } from './htmlReport';
import { jsonReport } from './jsonReport';
import { junitReport } from './junitReport';
import { markdownReport } from './markdownReport';

/** What a step printed, as a person would read it: escape codes applied, secrets masked. */
export interface StepText {
  readonly text: string;
  /** Whether there was more before. */
  readonly cut: boolean;
}

/** A run with what is told of it. */
export interface Report {
  readonly run: RunRecord;
  /** By index of the step; steps that printed nothing are missing. */
  readonly outputs: ReadonlyMap<number, StepText>;
}

/** What of each step's output a report holds, in bytes. */
const outputBytes = 64 * 1024;

/** Reads what a report needs. `readText`: the last bytes of a step's output, readable. */
export async function reportOf(
  run: RunRecord,
  readText: (step: number, maxBytes: number) => Promise<StepText>,
): Promise<Report> {
  const outputs = new Map<number, StepText>();
  for (const { index, outputBytes: printed } of run.steps) {
    if (printed === 0) continue;
    const output = await readText(index, outputBytes);
    if (output.text.trim() !== '') outputs.set(index, output);
  }
  return { run, outputs };
}

const writers: Readonly<Record<ReportFormat, (report: Report) => string>> = {
  markdown: markdownReport,
  html: htmlReport,
  json: jsonReport,
  junit: junitReport,
  github: githubReport,
};

/** The text of a report. */
export function writeReport(format: ReportFormat, report: Report): string {
  return writers[format](report);
}
