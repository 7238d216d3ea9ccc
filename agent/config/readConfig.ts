import { join } from 'node:path';
import type { Folders } from '../folders';
import { readRegularFile } from '../readRegularFile';
import type { FiledDiagnostic } from '../runbook/model';
import { ConfigFile, type Config } from './configFile';
import { readYaml } from './yamlFile';

/** What holds where nothing is said. Spelt out, because the schema takes longer to build than most runs to plan. */
export const defaultConfig: Config = {
  defaults: {},
  retention: {},
  kubeconfigs: [],
  production: [],
  readOnly: [],
  audit: {},
  endpoints: {},
};

/**
 * The person's configuration, and what is wrong with it. An error keeps everything from running: nobody knows which
 * contexts the file was to protect. A key that nothing is called like may be of a newer version: a warning.
 */
export function readConfig({ config: folder }: Pick<Folders, 'config'>): {
  config: Config;
  problems: readonly FiledDiagnostic[];
} {
  const file = join(folder, 'config.yaml');
  const text = readOptional(file);
  if (typeof text !== 'string') return { config: defaultConfig, problems: text === undefined ? [] : [text] };
  const { value, problems, unknown } = readYaml(file, text, ConfigFile);
  const errors = problems.map(problem => ({ ...problem, hint: problem.hint ?? hint }));
  const doubts = unknown.map(({ mistyped, ...problem }) => ({
    ...problem,
    severity: mistyped ? ('error' as const) : ('warning' as const),
  }));
  return { config: value ?? defaultConfig, problems: [...errors, ...doubts] };
}

const hint = 'Mend it: until then nothing runs, for nobody knows what it was to protect.';

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
