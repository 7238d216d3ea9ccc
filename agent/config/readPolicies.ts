import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type * as z from 'zod';
import { HandrailError } from '../protocol/errors';
import { realPath } from '../realPath';
import type { FiledDiagnostic } from '../runbook/model';
import { PolicyFile } from './policyFile';
import { readOptional } from './readConfig';
import { readYaml, type YamlReading } from './yamlFile';

/** A policy and the file it stands in. */
export interface Policy extends z.output<typeof PolicyFile> {
  readonly file: string;
  /** Where a key stands, and its value as written. */
  readonly placeOf: YamlReading<unknown>['placeOf'];
}

/**
 * Every `.handrail.yaml` from the runbook's folder up to the top, the nearest first. Looked for from the path as it is
 * given and from where links lead, so that no link leads around a rule. One that is broken, or that would allow something, keeps everything below it from running.
 *
 * @throws HandrailError `invalidRunbook`
 */
export function readPolicies(runbook: string): Policy[] {
  const starts = [dirname(runbook), realPath(dirname(runbook)), dirname(realPath(runbook))];
  const folders = [...new Set(starts.flatMap(foldersUp))];
  const files = new Map(folders.flatMap(policyIn).map(policy => [realPath(policy.file), policy]));
  return [...files.values()];
}

function policyIn(folder: string): Policy[] {
  const file = join(folder, '.handrail.yaml');
  refuseOtherName(join(folder, '.handrail.yml'));
  const text = readOptional(file);
  if (text === undefined) return [];
  if (typeof text !== 'string') throw refused(file, [text]);
  const { value, problems, unknown, placeOf } = readYaml(file, text, PolicyFile);
  // A rule that is overlooked for a slip of the pen would be a rule loosened.
  const errors = [...problems, ...unknown.map(loosening)];
  if (value === undefined || errors.length > 0) throw refused(file, errors);
  return [{ ...value, file, placeOf }];
}

/** Whoever wrote it believes that its rules hold. */
function refuseOtherName(file: string): void {
  if (!existsSync(file)) return;
  const place = { line: 1, column: 1, span: { start: 0, end: 0 } };
  const message = 'Rules are read from .handrail.yaml, so that those in this file would not hold';
  const hint = 'Call it .handrail.yaml.';
  throw refused(file, [{ severity: 'error', code: 'config', message, hint, file, ...place }]);
}

/** Neither HOME nor a `.git` is an end: who puts one within a repository would leave the rules above it out. */
function foldersUp(folder: string): string[] {
  const folders: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    folders.push(at);
    if (dirname(at) === at) return folders;
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
