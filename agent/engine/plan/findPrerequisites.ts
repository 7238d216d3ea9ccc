import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { FiledDiagnostic } from '../../runbook/model';
import { prerequisites, type Prerequisite } from '../../runbook/prerequisites';
import type { Plan, PlannedRunbook } from '../types';

/** Runbooks that the author wants to have been run before, as absolute paths, and links that lead nowhere. */
export function findPrerequisites({ runbook, file }: PlannedRunbook): {
  readonly there: Plan['prerequisites'];
  readonly problems: readonly FiledDiagnostic[];
} {
  const found = prerequisites(runbook).map(one => ({ ...one, path: resolve(dirname(file), one.file) }));
  const [there, gone] = [
    found.filter(({ path }) => existsSync(path)),
    found.filter(({ path }) => !existsSync(path)),
  ];
  return {
    there: there.map(({ path, text, line }) => ({ file: path, text, line })),
    problems: gone.map(one => ({ ...missing(one), file })),
  };
}

function missing({ file, line, column, offset }: Prerequisite): Omit<FiledDiagnostic, 'file'> {
  return {
    severity: 'warning',
    code: 'missing-prerequisite',
    message: `It should be run after \`${file}\`, which is not there`,
    hint: 'The path is relative to this file.',
    line,
    column,
    span: { start: offset, end: offset },
  };
}
