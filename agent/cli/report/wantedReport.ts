import { reportFormats } from '../../protocol/reportFormats';
import type { ReportFormat } from '../../protocol/reportFormats';
import { UsageError } from '../call';

/** A report to be written: where to, or to stdout. */
export interface WantedReport {
  readonly format: ReportFormat;
  readonly path: string | undefined;
}

/** Reads `FORMAT=PATH` or `FORMAT`, where `md` is Markdown. */
export function parseReport(text: string): WantedReport {
  const [, name = '', path] = /^([^=]*)(?:=(.*))?$/s.exec(text) ?? [];
  return { format: formatOf(name), path: path === undefined || path === '' ? undefined : path };
}

/** The format of that name. Throws UsageError with those there are. */
export function formatOf(name: string): ReportFormat {
  const format = reportFormats.find(each => each === name || (each === 'markdown' && name === 'md'));
  if (format !== undefined) return format;
  throw new UsageError(
    `there is no report format ${name === '' ? '""' : name}. There are: ${reportFormats.join(', ')}`,
  );
}
