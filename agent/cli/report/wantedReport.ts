import { access, constants, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { reportFormats } from '../../protocol/reportFormats';
import type { ReportFormat } from '../../protocol/reportFormats';
import { wordUnwritable } from '../../report/wordUnwritable';
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

/** Throws UsageError where a report could not be written, as far as that can be seen before. */
export async function checkReports(wanted: readonly WantedReport[], cwd: string): Promise<void> {
  for (const { path } of wanted) {
    if (path === undefined) continue;
    const file = resolve(cwd, path);
    try {
      if ((await stat(file).catch(unlessMissing))?.isDirectory() === true)
        throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
      await access(dirname(file), constants.W_OK | constants.X_OK);
    } catch (error) {
      throw new UsageError(wordUnwritable(file, error).replace('was not', 'cannot be'), { cause: error });
    }
  }
}

function unlessMissing(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}

/** The format of that name. Throws UsageError with those there are. */
export function formatOf(name: string): ReportFormat {
  const format = reportFormats.find(each => each === name || (each === 'markdown' && name === 'md'));
  if (format !== undefined) return format;
  throw new UsageError(
    `there is no report format ${name === '' ? '""' : name}. There are: ${reportFormats.join(', ')}`,
  );
}
