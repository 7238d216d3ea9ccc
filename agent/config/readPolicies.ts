import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { HandrailError } from '../protocol/errors';
import type { FiledDiagnostic } from '../runbook/model';
import { CommandPattern, Duration, listOf, NamePattern } from './fields';
import { readOptional } from './readConfig';
import { readYaml } from './yamlFile';

const Effect = z.enum(['read', 'change', 'destroy']);

/** What an approval is required for. */
export interface ApprovalRule {
  readonly written: string;
  applies(step: { effect: z.output<typeof Effect>; production: boolean; texts: readonly string[] }): boolean;
}

const Approval = z
  .string()
  .min(1)
  .transform((written, context): ApprovalRule => {
    if (written === 'production') return { written, applies: step => step.production };
    const effect = /^effect\s*=\s*(.*)$/.exec(written)?.[1];
    if (effect !== undefined) {
      if (!Effect.safeParse(effect).success)
        context.addIssue(`there is no effect ${effect}: read, change or destroy`);
      return { written, applies: step => step.effect === effect };
    }
    const { data, error } = CommandPattern.safeParse(written);
    for (const { message } of error?.issues ?? []) context.addIssue(message);
    return { written, applies: step => step.texts.some(text => data?.matches(text) === true) };
  });

/** `.handrail.yaml`: what a repository forbids and requires. It can only tighten. */
const PolicyFile = z.strictObject({
  forbid: z
    .strictObject({
      languages: listOf(z.string().min(1)).default([]),
      /** Words or `/…/`, looked for in what cells and their guards run. */
      commands: listOf(CommandPattern).default([]),
      effects: listOf(Effect).default([]),
      targets: listOf(NamePattern).default([]),
    })
    .prefault({}),
  require: z
    .strictObject({
      /** `effect=destroy`, `production`, or a pattern as of commands: cells that are asked for before they run. */
      approval: listOf(Approval).default([]),
      /** Where cells have to run. */
      target: listOf(NamePattern).optional(),
      /** Every step ends after this time at the latest. */
      timeout: Duration.optional(),
      /** Tools by name with a range, as front matter has them. */
      requires: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
    })
    .prefault({}),
  /** Further contexts that count as production, or where nothing is changed. */
  production: listOf(NamePattern).default([]),
  readOnly: listOf(NamePattern).default([]),
});

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
