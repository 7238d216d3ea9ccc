import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type * as z from 'zod';
import { HandrailError } from '../protocol/errors';
import type { FiledDiagnostic } from '../runbook/model';
import { PolicyFile } from './policyFile';
import { readOptional } from './readConfig';
import { readYaml } from './yamlFile';

/** A policy and the file it stands in. */
export type Policy = z.output<typeof PolicyFile> & { readonly file: string };

/**
 * Every `.handrail.yaml` from the runbook's folder up to its repository's root, or to `home`; the nearest first.
 * One that is broken, or that would allow something, keeps everything below it from running.
 *
 * @throws HandrailError `invalidRunbook`
 */
export function readPolicies(runbook: string, home: string | undefined): Policy[] {
  return foldersUp(dirname(runbook), home).flatMap(folder => {
    const file = join(folder, '.handrail.yaml');
    const text = readOptional(file);
    if (text === undefined) return [];
    if (typeof text !== 'string') throw refused(file, [text]);
    const { value, problems, unknown } = readYaml(file, text, PolicyFile);
    // A rule that is overlooked for a slip of the pen would be a rule loosened.
    const errors = [...problems, ...unknown.map(loosening)];
    if (value === undefined || errors.length > 0) throw refused(file, errors);
    return [{ ...value, file }];
  });
}

function foldersUp(folder: string, home: string | undefined): string[] {
  const folders: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    folders.push(at);
    if (at === home || existsSync(join(at, '.git')) || dirname(at) === at) return folders;
  }
}

/** Keys that would allow or preset something, as people know them from the configuration or expect them. */
const loosenings =
  /^(allow\w*|permit\w*|except\w*|approved?|yes|skip\w*|trust\w*|defaults|inputs|env|secrets|timeout|retention|endpoints|audit)$/i;

function loosening(problem: FiledDiagnostic): FiledDiagnostic {
  const key = /`(.+)`/.exec(problem.message)?.[1] ?? '';
  if (!loosenings.test(key)) return problem;
  const message = `\`${key}\` has no place here: .handrail.yaml can forbid and require, never allow or preset`;
  return { ...problem, message, hint: 'What a person sets for themselves belongs into config.yaml.' };
}

function refused(file: string, diagnostics: readonly FiledDiagnostic[]): HandrailError {
  const lines = diagnostics.map(
    ({ line, column, message, hint }) =>
      `${file}:${line}:${column}: ${message}${hint === undefined ? '' : `. ${hint}`}`,
  );
  return new HandrailError('invalidRunbook', lines.join('\n'), { file, diagnostics });
}
