import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { Folders } from '../folders';
import type { FiledDiagnostic } from '../runbook/model';
import { Duration, listOf, NamePattern, Size } from './fields';
import { readYaml } from './yamlFile';

const Scalar = z.union([z.string(), z.number(), z.boolean()]);

/** `config.yaml`: what a person sets for all runbooks, in every face. */
const ConfigFile = z.strictObject({
  /** Attributes of all cells; front matter and the cell's own come first. */
  defaults: z.record(z.string(), z.union([Scalar, z.array(Scalar)])).default({}),
  /** Milliseconds; of steps without one. */
  timeout: Duration.optional(),
  /** How much history is kept. */
  retention: z
    .strictObject({
      runs: z.number().int().positive().optional(),
      age: Duration.optional(),
      size: Size.optional(),
    })
    .default({}),
  /** Contexts of clusters where everything but reading asks first. */
  production: listOf(NamePattern).default([]),
  /** Contexts of clusters where nothing is changed. */
  readOnly: listOf(NamePattern).default([]),
  /** A file that the audit log is copied to as it grows. */
  audit: z.strictObject({ copy: z.string().optional() }).default({}),
  /** Container engines beyond those that are found. */
  endpoints: z.unknown().optional(),
});
export type Config = z.output<typeof ConfigFile>;

export const defaultConfig: Config = ConfigFile.parse({});

/** The person's configuration. A file that is wrong is a warning, and what holds then is as if there were none. */
export function readConfig({ config: folder }: Pick<Folders, 'config'>): {
  config: Config;
  warnings: readonly FiledDiagnostic[];
} {
  const file = join(folder, 'config.yaml');
  const text = readOptional(file);
  if (typeof text !== 'string') return { config: defaultConfig, warnings: text === undefined ? [] : [text] };
  const { value, problems, unknown } = readYaml(file, text, ConfigFile);
  const warnings = [...problems, ...unknown].map(problem => ({
    ...problem,
    severity: 'warning' as const,
    hint: problem.hint ?? 'Mend it: until then none of this file counts.',
  }));
  return { config: value ?? defaultConfig, warnings };
}

/** The text, nothing where there is no such file, or why it cannot be read. */
export function readOptional(file: string): string | FiledDiagnostic | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    const place = { line: 1, column: 1, span: { start: 0, end: 0 } };
    return { severity: 'error', code: 'config', message: `It cannot be read: ${message}`, file, ...place };
  }
}
