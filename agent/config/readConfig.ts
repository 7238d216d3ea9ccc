import { join } from 'node:path';
import type { Folders } from '../folders';
import { readRegularFile } from '../readRegularFile';
import type { FiledDiagnostic } from '../runbook/model';
import { ConfigFile, type Config } from './configFile';
import { readYaml } from './yamlFile';

/** What holds where nothing is said. Spelt out, because the schema takes longer to build than most runs to plan. */
export const defaultConfig: Config = { defaults: {}, retention: {}, production: [], readOnly: [], audit: {} };

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
    return readRegularFile(file).toString();
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    const place = { line: 1, column: 1, span: { start: 0, end: 0 } };
    return { severity: 'error', code: 'config', message: `It cannot be read: ${message}`, file, ...place };
  }
}
