import { dirname, resolve } from 'node:path';
import { prerequisites } from '../../runbook/prerequisites';
import type { Plan } from '../types';
import type { Book } from './book';

/** Runbooks that the author wants to have been run before, as absolute paths. */
export function findPrerequisites({ runbook, file }: Book): Plan['prerequisites'] {
  return prerequisites(runbook).map(({ file: written, text, line }) => ({
    file: resolve(dirname(file), written),
    text,
    line,
  }));
}
